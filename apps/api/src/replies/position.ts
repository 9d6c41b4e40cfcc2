import { HEADERS } from '@chat/shared-types';
import { ProblemException } from '../common/problem/problem.exception.js';

/**
 * How far a reader has come in a reply. It is the id of the last event that reached the reader: a
 * place in the text, not a number of an event, so any process can go on from it, however it cuts
 * the text into events. Offsets are counted in UTF-16 code units.
 */
export interface Position {
  /** 24 hex digits. */
  readonly messageId: string;
  /** Which try wrote the text: a try that is over may have been kept only in part. */
  readonly attempt: number;
  readonly content: number;
  readonly reasoning: number;
  /** Whether the reader knows what the reply cost: the one event that adds nothing to the text. */
  readonly usage: boolean;
}

const POSITION = /^([0-9a-f]{24})-(\d{1,9})-(\d{1,9})-(\d{1,9})(-u)?$/;

export function encodePosition(position: Position): string {
  const { messageId, attempt, content, reasoning, usage } = position;
  return `${messageId}-${attempt}-${content}-${reasoning}${usage ? '-u' : ''}`;
}

/**
 * @param header what the client sent as `Last-Event-ID`; nothing (or empty) is the beginning.
 * @throws a 400 for what is no position, or one of another reply.
 */
export function parsePosition(
  messageId: string,
  header: string | string[] | undefined,
): Position | undefined {
  if (header === undefined || header === '') return undefined;
  const parts = typeof header === 'string' ? POSITION.exec(header) : null;
  if (parts === null) throw badPosition('is no position in a stream');
  const [, id = '', attempt, content, reasoning, usage] = parts;
  if (id !== messageId) throw badPosition('belongs to another reply');
  return {
    messageId,
    attempt: Number(attempt),
    content: Number(content),
    reasoning: Number(reasoning),
    usage: usage !== undefined,
  };
}

/** A 400 that says what to do; `why` goes on with "The header Last-Event-ID …". */
export function badPosition(why: string): ProblemException {
  return new ProblemException('invalid-request', {
    detail: `The header ${HEADERS.lastEventId} ${why}. Read from the beginning, without it.`,
  });
}
