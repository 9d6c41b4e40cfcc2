import { Injectable, Logger, type OnModuleDestroy } from '@nestjs/common';
import type { StoredMessage } from '../messages/message.schema.js';
import { ReplyMessages } from '../messages/reply-messages.js';
import { toMessage } from '../messages/to-message.js';
import { ReplyChunksRepository } from './reply-chunks.repository.js';
import { ReplyRunsRepository } from './reply-runs.repository.js';
import { ReplyText } from './reply-text.js';

/** How far a reader on another process is behind, at most, besides what the writer waits. */
const POLL_MS = 100;

/** A reply that is followed, until `release`. */
export interface Followed {
  readonly text: ReplyText;
  release(): void;
}

interface Entry {
  readonly message: StoredMessage;
  readonly text: ReplyText;
  seq: number;
  followers: number;
  /** Settles once what was written before has been read. */
  readonly ready: Promise<void>;
}

/**
 * Replies that other processes write, for the readers that this one has: their log is read again
 * and again while, and only while, somebody follows. One reply is read once, however many follow.
 */
@Injectable()
export class RemoteReplies implements OnModuleDestroy {
  private readonly logger = new Logger('Replies');
  private readonly entries = new Map<string, Entry>();
  private timer: NodeJS.Timeout | undefined;
  private polling = false;

  constructor(
    private readonly messages: ReplyMessages,
    private readonly runs: ReplyRunsRepository,
    private readonly chunks: ReplyChunksRepository,
  ) {}

  /** @param message as it was found, `streaming`. Settles once all that was written is there. */
  async follow(message: StoredMessage): Promise<Followed> {
    const key = `${message._id.toHexString()}-${message.attempt}`;
    const entry = this.entries.get(key) ?? this.begin(key, message);
    entry.followers += 1;
    let released = false;
    const release = (): void => {
      if (released) return;
      released = true;
      entry.followers -= 1;
      if (entry.followers === 0) this.drop(key);
    };
    try {
      await entry.ready;
    } catch (error) {
      release();
      throw error;
    }
    return { text: entry.text, release };
  }

  onModuleDestroy(): void {
    clearInterval(this.timer);
    for (const { text } of this.entries.values()) text.lose();
  }

  private begin(key: string, message: StoredMessage): Entry {
    const text = new ReplyText({
      messageId: message._id,
      attempt: message.attempt,
      content: message.content,
      reasoning: message.reasoning ?? '',
    });
    const ready = this.catchUp(() => entry);
    const entry: Entry = { message, text, seq: 0, followers: 0, ready };
    this.entries.set(key, entry);
    this.timer ??= setInterval(() => void this.poll(), POLL_MS);
    return entry;
  }

  private async catchUp(entryOf: () => Entry): Promise<void> {
    // The entry names this very promise; it is there one step later.
    await Promise.resolve();
    const entry = entryOf();
    await this.runs.countReader(entry.message._id, entry.message.attempt, 1);
    await this.read([entry]);
  }

  private drop(key: string): void {
    const message = this.entries.get(key)?.message;
    this.entries.delete(key);
    if (message !== undefined) void this.leave(message);
    if (this.entries.size > 0) return;
    clearInterval(this.timer);
    this.timer = undefined;
  }

  private async leave({ _id, attempt }: StoredMessage): Promise<void> {
    try {
      await this.runs.countReader(_id, attempt, -1);
    } catch (error) {
      // The reply then ends without a mark that it is unread.
      this.logger.warn({ err: error }, 'That a reply is not read any more could not be noted.');
    }
  }

  private async poll(): Promise<void> {
    if (this.polling) return;
    this.polling = true;
    try {
      await this.read([...this.entries.values()].filter(({ text }) => !text.isOver));
    } catch (error) {
      this.logger.warn({ err: error }, 'Replies of other processes could not be read.');
    } finally {
      this.polling = false;
    }
  }

  /** What runs is asked first: the log is emptied only together with the end of the run. */
  private async read(entries: readonly Entry[]): Promise<void> {
    if (entries.length === 0) return;
    const running = await this.runs.running(entries.map(({ message }) => message._id));
    const attempts = new Map(running.map(({ _id, attempt }) => [_id.toHexString(), attempt]));
    await Promise.all(
      entries.map((entry) =>
        attempts.get(entry.message._id.toHexString()) === entry.message.attempt
          ? this.readLog(entry)
          : this.readEnd(entry),
      ),
    );
  }

  private async readLog(entry: Entry): Promise<void> {
    const { message, text } = entry;
    const key = { messageId: message._id, attempt: message.attempt };
    for (const chunk of await this.chunks.from(key, entry.seq)) {
      // A gap: the log was emptied meanwhile. Or twice the same: two reads crossed.
      if (chunk.seq !== entry.seq) continue;
      entry.seq += 1;
      text.append('reasoning', chunk.reasoning);
      text.append('content', chunk.text);
    }
  }

  private async readEnd({ message, text }: Entry): Promise<void> {
    const now = await this.messages.findAny(message.user_id, message._id);
    if (now?.attempt !== message.attempt) text.lose();
    else if (now.status !== 'streaming') text.end(toMessage(now));
  }
}
