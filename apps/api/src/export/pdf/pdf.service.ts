import { Injectable, Logger, type OnModuleDestroy } from '@nestjs/common';
import { ProblemException } from '../../common/problem/problem.exception.js';
import { branchLineOf, headOf, timeOf, titleOf, type Conversation } from '../turn.js';
import type { ToTypesetter, TurnToPrint } from './protocol.js';
import { Typesetter, TypesettingError } from './typesetter.js';

/** Documents that wait while one is set; more would wait longer than anybody does. */
const MOST_WAITING = 16;
/** From the first message read to the last page. */
const TIME_LIMIT_MS = 120_000;
/** How long the process is kept for the next document. */
const IDLE_MS = 60_000;
/** The compiler holds a document whole: about 300 bytes of memory for each character. */
const MOST_CHARACTERS = 1_000_000;
/** What is handed over at once. */
const CHARACTERS_AT_ONCE = 200_000;

/**
 * Conversations as PDF, one after the other, by a process that is started for the first one and
 * ended when nobody wants another.
 */
@Injectable()
export class PdfService implements OnModuleDestroy {
  private readonly logger = new Logger(PdfService.name);
  private typesetter: Typesetter | undefined;
  private last: Promise<unknown> = Promise.resolve();
  private waiting = 0;
  private idle: NodeJS.Timeout | undefined;
  private readonly ending = new AbortController();

  /**
   * @param signal aborted when nobody waits any more: the work ends, for others to begin.
   * @returns a tagged PDF.
   * @throws a 413 for a conversation beyond a million characters; a 503 where too many wait, where
   *   it takes longer than two minutes, and where the process fails.
   */
  async print(conversation: Conversation, signal: AbortSignal): Promise<Uint8Array> {
    if (this.waiting >= MOST_WAITING) {
      throw unavailable('Too many PDF documents are being made. Try again in a moment.', '10');
    }
    this.waiting += 1;
    const turn = this.last.then(() => this.work(conversation, signal));
    this.last = turn.catch(() => undefined);
    try {
      return await turn;
    } finally {
      this.waiting -= 1;
    }
  }

  async onModuleDestroy(): Promise<void> {
    this.ending.abort();
    clearTimeout(this.idle);
    await this.drop();
  }

  /** Of the running process, for whoever watches it; undefined where there is none. */
  get processId(): number | undefined {
    return this.typesetter?.pid;
  }

  private async work(conversation: Conversation, signal: AbortSignal): Promise<Uint8Array> {
    const limit = AbortSignal.timeout(TIME_LIMIT_MS);
    const over = AbortSignal.any([signal, limit, this.ending.signal]);
    clearTimeout(this.idle);
    const stop = (): void => void this.drop();
    try {
      over.throwIfAborted();
      if (this.typesetter?.isRunning !== true) this.typesetter = new Typesetter();
      over.addEventListener('abort', stop);
      this.typesetter.keepAlive(true);
      return await this.typesetter.print(partsOf(conversation));
    } catch (error) {
      // It may be in the middle of a document: the next one begins with a new process.
      await this.drop();
      throw this.toProblem(error, over.aborted);
    } finally {
      over.removeEventListener('abort', stop);
      this.rest();
    }
  }

  private rest(): void {
    this.typesetter?.keepAlive(false);
    this.idle = setTimeout(() => void this.drop(), IDLE_MS).unref();
  }

  private async drop(): Promise<void> {
    const { typesetter } = this;
    this.typesetter = undefined;
    await typesetter?.stop();
  }

  private toProblem(error: unknown, wasOver: boolean): unknown {
    if (wasOver)
      return unavailable('Making the PDF took too long. Export it as HTML and print that.');
    if (!(error instanceof TypesettingError)) return error;
    this.logger.error({ err: error }, 'A PDF could not be made');
    return unavailable('Making the PDF failed. Try again, or export it as HTML and print that.');
  }
}

function unavailable(detail: string, retryAfter = '5'): ProblemException {
  return new ProblemException('unavailable', { detail, headers: { 'Retry-After': retryAfter } });
}

/** A conversation as what the process is told of it, some messages at a time. */
async function* partsOf({ session, turns }: Conversation): AsyncIterable<ToTypesetter> {
  yield {
    kind: 'begin',
    title: titleOf(session),
    begun: `Begun ${timeOf(session.created_at)}`,
    instructions: session.system_prompt,
  };
  let batch: TurnToPrint[] = [];
  let characters = 0;
  let all = 0;
  for await (const turn of turns) {
    const { who, details } = headOf(turn);
    const { role, content } = turn.message;
    const branch = turn.beginsAfter === undefined ? undefined : branchLineOf(turn.beginsAfter);
    batch.push({ role, who, details: details.join(' · '), content, ...(branch && { branch }) });
    characters += content.length;
    all += content.length;
    if (all > MOST_CHARACTERS) throw tooLarge();
    if (characters < CHARACTERS_AT_ONCE) continue;
    yield { kind: 'turns', turns: batch };
    batch = [];
    characters = 0;
  }
  yield { kind: 'turns', turns: batch };
  yield { kind: 'end' };
}

function tooLarge(): ProblemException {
  return new ProblemException('payload-too-large', {
    detail: 'This session is too long for one PDF. Export it as HTML or Markdown.',
  });
}
