import type { ChatSession } from '@chat/shared-types';
import { LIMITS } from '@chat/shared-types';
import { filterPath, isListed, orderOf, type SessionFilter } from './session-filter.js';
import { sessionsApi, type SessionPage } from './sessions.api.js';

const SHORT_LIST = 50;

/** Reads pages until at least this many sessions are there, or no more. */
export async function readAtLeast(filter: SessionFilter, count: number): Promise<SessionPage> {
  // A long list is read again in the largest pages there are.
  const limit = count > SHORT_LIST ? LIMITS.page.max : SHORT_LIST;
  let page = await sessionsApi.page(`${filterPath(filter)}&limit=${limit}`);
  const sessions = [...page.sessions];
  while (page.next !== null && sessions.length < count) {
    page = await sessionsApi.page(page.next);
    sessions.push(...page.sessions);
  }
  return { sessions, next: page.next };
}

/**
 * What is known once a list was read anew: a session that the answer should hold and does not was
 * deleted elsewhere, or is in another list now.
 *
 * @param changed ids of what changed here since the question: the answer may be older than that.
 */
export function mergeRange(
  known: ReadonlyMap<string, ChatSession>,
  filter: SessionFilter,
  { sessions, next }: SessionPage,
  changed: ReadonlySet<string>,
): Map<string, ChatSession> {
  const last = next === null ? undefined : sessions.at(-1);
  const order = orderOf(filter);
  const isBeyond = (session: ChatSession): boolean =>
    last !== undefined && order(session, last) > 0;
  const kept = [...known.values()].filter(
    (session) => changed.has(session._id) || !isListed(filter, session) || isBeyond(session),
  );
  const read = sessions.filter(({ _id }) => !changed.has(_id));
  // What was read comes last: it is newer than what another list said of the same session.
  return new Map([...kept, ...read].map((session) => [session._id, session]));
}
