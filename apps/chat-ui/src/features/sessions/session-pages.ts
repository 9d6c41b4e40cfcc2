import type { ChatSession } from '@chat/shared-types';
import { LIMITS } from '@chat/shared-types';
import { lastActivity } from './session-order.js';
import { sessionsApi, type SessionPage } from './sessions.api.js';

const SHORT_LIST = 50;
const RE_READ = `/chat/sessions?limit=${LIMITS.page.max}`;

/** Reads pages until at least this many sessions are there, or no more. */
export async function readAtLeast(count: number): Promise<SessionPage> {
  // A long list is read again in the largest pages there are.
  let page = await sessionsApi.page(count > SHORT_LIST ? RE_READ : undefined);
  const sessions = [...page.sessions];
  while (page.next !== null && sessions.length < count) {
    page = await sessionsApi.page(page.next);
    sessions.push(...page.sessions);
  }
  return { sessions, next: page.next };
}

/**
 * What is known once the list was read anew: a session that the answer should hold and does not was
 * deleted elsewhere.
 *
 * @param changed ids of what changed here since the question: the answer may be older than that.
 */
export function mergeRange(
  known: ReadonlyMap<string, ChatSession>,
  { sessions, next }: SessionPage,
  changed: ReadonlySet<string>,
): Map<string, ChatSession> {
  const oldest = sessions.at(-1);
  const beyond = (session: ChatSession): boolean =>
    next !== null && oldest !== undefined && lastActivity(session) < lastActivity(oldest);
  const kept = [...known.values()].filter((session) => changed.has(session._id) || beyond(session));
  const read = sessions.filter(({ _id }) => !changed.has(_id));
  return new Map([...read, ...kept].map((session) => [session._id, session]));
}
