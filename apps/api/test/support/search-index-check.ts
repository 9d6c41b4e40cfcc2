import { isDeepStrictEqual } from 'node:util';
import type { StoredMessage } from '../../src/messages/message.schema.js';
import type { SearchEntry } from '../../src/search/search-entry.schema.js';
import { entryOfMessage, entryOfTitle } from '../../src/search/to-search-entry.js';
import type { StoredSession } from '../../src/sessions/session.schema.js';
import { withDatabase } from './database.js';

/**
 * Compares the whole search index with what is stored: every title and every message that is not
 * being written has the entry that it would get now, nothing else has one, and every word of theirs
 * is known to complete its beginnings.
 *
 * @returns what differs, one line each; none where all is well.
 */
export function searchIndexFaults(databaseUri: string): Promise<string[]> {
  return withDatabase(databaseUri, async (connection) => {
    const read = <Row extends object>(collection: string): Promise<Row[]> =>
      connection.collection<Row>(collection).find({}).toArray() as unknown as Promise<Row[]>;
    const sessions = await read<StoredSession>('chat_sessions');
    const messages = await read<StoredMessage>('messages');
    const entries = await read<SearchEntry>('search_entries');
    const terms = await read<{ user_id: unknown; term: string }>('search_terms');
    const known = new Set(terms.map(({ user_id, term }) => `${String(user_id)} ${term}`));
    const left = new Map(entries.map((entry) => [entry._id.toHexString(), entry]));
    const faults: string[] = [];
    const running = messages.filter(({ status }) => status === 'streaming');
    for (const { _id } of running) left.delete(_id.toHexString());
    const due = [
      ...sessions.map(entryOfTitle),
      ...messages.filter((message) => !running.includes(message)).map(entryOfMessage),
    ];
    for (const { entry, terms: needed } of due) {
      const id = entry._id.toHexString();
      const found = left.get(id);
      left.delete(id);
      if (found === undefined) faults.push(`${entry.place} ${id} has no entry`);
      else if (!isDeepStrictEqual(sorted(found), sorted(entry))) {
        faults.push(`${entry.place} ${id} has another entry`);
      }
      const user = entry.user_id.toHexString();
      const unknown = needed.filter((term) => !known.has(`${user} ${term}`));
      if (unknown.length > 0) faults.push(`${id}: not known: ${unknown.join(' ')}`);
    }
    for (const id of left.keys()) faults.push(`${id} has an entry and is not there`);
    return faults;
  });
}

/** The order of its words and of its members is of no meaning. */
function sorted(entry: SearchEntry): unknown {
  const { _id, user_id, session_id, words, ...others } = entry;
  return {
    ...others,
    ids: [_id, user_id, session_id].map((id) => id.toHexString()),
    words: words.toSorted(),
  };
}
