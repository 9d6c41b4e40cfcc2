import type { StoredMessage } from '../messages/message.schema.js';
import type { StoredSession } from '../sessions/session.schema.js';

/** What every format is made of: a session, and its messages in the order in which they are read. */
export interface Conversation {
  readonly session: StoredSession;
  /** Read from the database while they are asked for, once. */
  readonly turns: AsyncIterable<Turn>;
}

/** A message with its place in the document. */
export interface Turn {
  /** From 1 on, in the order of the document; null where nothing refers to numbers. */
  readonly number: number | null;
  readonly message: StoredMessage;
  /** The nearest message before it on its path that is in the document too. */
  readonly parentId: string | null;
  /** Which of the versions between which a reader can walk; null where there is one only. */
  readonly version: { readonly index: number; readonly of: number } | null;
  /** Set where it begins another branch: the number of the message that it goes on from. */
  readonly beginsAfter?: number | null;
}

/** Who speaks, for a person: `You`, or `Assistant` with its model. */
export function speakerOf({ role, model }: Pick<StoredMessage, 'role' | 'model'>): string {
  if (role === 'user') return 'You';
  return model === null ? 'Assistant' : `Assistant (${model})`;
}

/** A time for people: to the minute, in UTC, so that the same session gives the same document. */
export function timeOf(date: Date): string {
  return `${date.toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}

/** What is to be said of a message beside who wrote it and when, each a few words. */
export function notesOf({ message, version }: Turn): string[] {
  const notes: string[] = [];
  if (version !== null) notes.push(`version ${version.index} of ${version.of}`);
  if (message.edited_at !== null) notes.push('edited');
  switch (message.status) {
    case 'complete':
      break;
    case 'streaming':
      notes.push('still being written');
      break;
    case 'stopped':
      notes.push('stopped');
      break;
    case 'failed':
      notes.push(message.error === null ? 'failed' : `failed: ${message.error.title}`);
      break;
    case 'interrupted':
      notes.push('interrupted');
      break;
  }
  return notes;
}

/** The line above a message: number, who, when, and what else is to be said. */
export function headOf(turn: Turn): { readonly who: string; readonly details: string[] } {
  const { number, message } = turn;
  const who = number === null ? speakerOf(message) : `${number}. ${speakerOf(message)}`;
  return { who, details: [timeOf(message.created_at), ...notesOf(turn)] };
}

/** The line above a branch. */
export function branchLineOf(after: number | null): string {
  return after === null
    ? 'Another version, from the beginning'
    : `Another version, going on after message ${after}`;
}

/** A title on one line: what breaks a line in it would break the document's form. */
export function titleOf({ title }: Pick<StoredSession, 'title'>): string {
  return title.replace(/[\p{Cc}\p{Zl}\p{Zp}\s]+/gu, ' ').trim() || 'Chat';
}
