import type { ChatSession, DeletedChatSession } from '@chat/shared-types';
import { Injectable } from '@nestjs/common';
import { mongo } from 'mongoose';
import type { Position } from '../common/paging/cursor.js';
import type { StoredSession } from './session.schema.js';
import { toChatSession } from './to-chat-session.js';

/** Bytes of stored sessions that are kept for all users together; what they became takes more. */
const MOST_BYTES = 4_000_000;
/** The part of it that one session may take: a long system prompt is read anew each time. */
const MOST_BYTES_OF_ONE = 16_000;

/** BSON (bsonspec.org): the length, then each member: its type, its name and its value. */
const FIRST_MEMBER = Buffer.from([0x07, 0x5f, 0x69, 0x64, 0x00]);
const FIRST_MEMBER_AT = 4;
const ID_AT = FIRST_MEMBER_AT + FIRST_MEMBER.length;
const ID_BYTES = 12;

/** A session as a list answers it, and where in the list it stands. */
export interface ListedSession {
  readonly answer: Readonly<ChatSession | DeletedChatSession>;
  readonly position: Position;
}

interface Entry extends ListedSession {
  /** What the database answered. */
  readonly bytes: Buffer;
}

/**
 * Turns stored sessions into what lists answer, from the bytes that the database has just sent. A
 * session that is the same byte for byte as it was is the same answer: making it once is enough.
 * Nothing here can be out of date, whatever changed the session, because the bytes are new with
 * every request.
 *
 * Decoding the sessions of a page and putting them in the form of an answer would be a fifth of what
 * a list costs this process.
 */
@Injectable()
export class ListedSessions {
  /**
   * By id. When `recent` is full, what was not read since the last time it was goes: cheaper than
   * an order of use, which every row of every list would change.
   */
  private recent = new Map<string, Entry>();
  private before = new Map<string, Entry>();
  private recentBytes = 0;

  /** @param stored a document of the collection as BSON, all of its members. */
  read(stored: Uint8Array): ListedSession {
    const bytes = Buffer.from(stored.buffer, stored.byteOffset, stored.byteLength);
    const id = idOf(bytes);
    if (id === undefined) return decode(bytes);
    const known = this.recent.get(id) ?? this.before.get(id);
    if (known?.bytes.equals(bytes) === true) {
      this.keep(id, known);
      return known;
    }
    // A copy: these are a part of everything that came in the same answer of the database.
    const entry = { ...decode(bytes), bytes: Buffer.from(bytes) };
    if (bytes.length <= MOST_BYTES_OF_ONE) this.keep(id, entry);
    return entry;
  }

  private keep(id: string, entry: Entry): void {
    const held = this.recent.get(id);
    if (held === entry) return;
    this.recent.set(id, entry);
    this.recentBytes += entry.bytes.length - (held?.bytes.length ?? 0);
    if (this.recentBytes <= MOST_BYTES / 2) return;
    this.before = this.recent;
    this.recent = new Map();
    this.recentBytes = 0;
  }
}

function decode(bytes: Buffer): ListedSession {
  const session = mongo.BSON.deserialize(bytes) as StoredSession;
  return {
    answer: Object.freeze(toChatSession(session)),
    position: { time: session.last_activity_at, id: session._id },
  };
}

/** The id of a document that begins with it, as MongoDB stores all of them. */
function idOf(bytes: Buffer): string | undefined {
  const first = bytes.subarray(FIRST_MEMBER_AT, ID_AT);
  return first.equals(FIRST_MEMBER) ? bytes.toString('latin1', ID_AT, ID_AT + ID_BYTES) : undefined;
}
