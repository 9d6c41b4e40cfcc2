import { Injectable, Logger } from '@nestjs/common';
import type { ReplyText } from './reply-text.js';
import type { StoredChunk } from './reply-chunk.schema.js';
import { ReplyChunksRepository } from './reply-chunks.repository.js';

/** How long text may wait to be written, in milliseconds; the contract promises a second in all. */
const FLUSH_EVERY_MS = 200;

/** How far a text is in the log. */
interface Progress {
  seq: number;
  content: number;
  reasoning: number;
  /** Being written, or to be written once more after a failure: the same under the same number. */
  pending: StoredChunk | undefined;
}

/**
 * Writes down what the running replies of this process gained, all of them in one command about
 * five times a second: what it costs depends on time, not on how many tokens arrive.
 */
@Injectable()
export class ChunkWriter {
  private readonly logger = new Logger(ChunkWriter.name);
  private readonly texts = new Map<ReplyText, Progress>();
  private timer: NodeJS.Timeout | undefined;
  private writing: Promise<void> = Promise.resolve();

  constructor(private readonly chunks: ReplyChunksRepository) {}

  /** Writes down what this text gains from now on. */
  watch(text: ReplyText): void {
    this.texts.set(text, {
      seq: 0,
      content: text.content.length,
      reasoning: text.reasoning.length,
      pending: undefined,
    });
    this.timer ??= setInterval(() => this.tick(), FLUSH_EVERY_MS);
  }

  /** Writes no more of this text. Settles when nothing of it is on its way to the database. */
  async release(text: ReplyText): Promise<void> {
    this.texts.delete(text);
    if (this.texts.size === 0) {
      clearInterval(this.timer);
      this.timer = undefined;
    }
    await this.writing;
  }

  private busy = false;

  private tick(): void {
    // A slow database gets what came together meanwhile, not a queue.
    if (this.busy) return;
    const gains = [...this.texts].filter(([text, progress]) => gain(text, progress));
    if (gains.length === 0) return;
    this.busy = true;
    this.writing = this.write(gains.map(([, progress]) => progress)).finally(() => {
      this.busy = false;
    });
  }

  private async write(gains: readonly Progress[]): Promise<void> {
    try {
      await this.chunks.append(gains.flatMap(({ pending }) => pending ?? []));
      for (const progress of gains) acknowledge(progress);
    } catch (error) {
      this.logger.warn({ err: error }, 'Running replies could not be written down; trying again.');
    }
  }
}

/** Makes the next chunk of a text. @returns whether there is anything to write. */
function gain(text: ReplyText, progress: Progress): boolean {
  if (progress.pending !== undefined) return true;
  const content = text.content.from(progress.content);
  const reasoning = text.reasoning.from(progress.reasoning);
  if (content === '' && reasoning === '') return false;
  progress.pending = {
    message_id: text.messageId,
    attempt: text.attempt,
    seq: progress.seq,
    text: content,
    reasoning,
    written_at: new Date(),
  };
  return true;
}

function acknowledge(progress: Progress): void {
  const { pending } = progress;
  if (pending === undefined) return;
  progress.seq += 1;
  progress.content += pending.text.length;
  progress.reasoning += pending.reasoning.length;
  progress.pending = undefined;
}
