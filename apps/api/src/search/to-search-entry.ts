import { facetWords, hasCodeBlock, indexText, MODEL_MARK } from '@chat/text-search';
import type { StoredMessage } from '../messages/message.schema.js';
import type { StoredSession } from '../sessions/session.schema.js';
import type { SearchEntry } from './search-entry.schema.js';

/** An entry, with the words that have to be known before it is stored. */
export interface IndexedEntry {
  readonly entry: SearchEntry;
  readonly terms: readonly string[];
}

/** What of a message is found. The twin of it is `seededEntry` in `tools/src/bench/search-seed.ts`. */
export function entryOfMessage(message: StoredMessage): IndexedEntry {
  const { words, vocabulary } = indexText(message.content);
  const facets = facetWords({
    role: message.role,
    sessionId: message.session_id.toHexString(),
    model: message.model,
    hasCode: hasCodeBlock(message.content),
    // Stored before there were any.
    hasReaction: ((message.reactions as StoredMessage['reactions'] | undefined) ?? []).length > 0,
  });
  return {
    entry: {
      _id: message._id,
      user_id: message.user_id,
      place: 'm',
      session_id: message.session_id,
      role: message.role,
      model: message.model,
      deleted: message.deleted,
      deleted_at: message.deleted_at,
      created_at: message.created_at,
      words: [...facets, ...words],
    },
    terms: [...vocabulary, ...facets.filter((facet) => facet.startsWith(MODEL_MARK))],
  };
}

/** What of a session's title is found. */
export function entryOfTitle(
  session: Pick<
    StoredSession,
    '_id' | 'user_id' | 'title' | 'created_at' | 'deleted' | 'deleted_at'
  >,
): IndexedEntry {
  const { words, vocabulary } = indexText(session.title);
  const facets = facetWords({
    role: 'title',
    sessionId: session._id.toHexString(),
    model: null,
    hasCode: false,
    hasReaction: false,
  });
  return {
    entry: {
      _id: session._id,
      user_id: session.user_id,
      place: 't',
      session_id: session._id,
      role: null,
      model: null,
      deleted: session.deleted,
      deleted_at: session.deleted_at,
      created_at: session.created_at,
      words: [...facets, ...words],
    },
    terms: vocabulary,
  };
}
