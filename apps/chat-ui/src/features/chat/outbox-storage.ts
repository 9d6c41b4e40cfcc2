import { listStored, readStored, storedKeyOf, writeStored } from '../../app/user-storage.js';

/** A message on its way. */
export interface OutboxEntry {
  /** Its `Idempotency-Key`: the same for every try, also after a reload. */
  key: string;
  sessionId: string;
  content: string;
  /** What it follows, where it takes the place of another message; else the end of the branch. */
  parentId?: string | null;
  /** The message that it is an edited version of. */
  replaces?: string;
  /** ISO 8601; when the person sent it. */
  queuedAt: string;
  /**
   * `sending`: a request is under way or about to be. `waiting`: for the network, the next login,
   * or the end of the reply that is being written. `failed`: it was refused or lost, and the person decides.
   */
  state: 'sending' | 'waiting' | 'failed';
  /** Why it waits or failed, for the person. */
  reason?: string;
}

/** One stored entry a message: two tabs that write at the same time lose nothing. */
const BEGINNING = 'outbox.';

export function storeEntry(userId: string, entry: OutboxEntry): void {
  writeStored(userId, BEGINNING + entry.key, JSON.stringify(entry));
}

export function forgetEntry(userId: string, key: string): void {
  writeStored(userId, BEGINNING + key, null);
}

/** What an earlier visit left behind, oldest first. */
export function readEntries(userId: string): OutboxEntry[] {
  return listStored(userId, BEGINNING)
    .map((key) => parseEntry(readStored(userId, key)))
    .filter((entry) => entry !== undefined)
    .sort((a, b) => (a.queuedAt < b.queuedAt ? -1 : 1));
}

/** The key of the entry that a `storage` event says is gone, or undefined. */
export function goneKeyOf(event: StorageEvent, userId: string): string | undefined {
  const key = storedKeyOf(event, userId);
  if (event.newValue !== null || !key?.startsWith(BEGINNING)) return undefined;
  return key.slice(BEGINNING.length);
}

/** Storage is open to every script of the origin, so its shape is checked. */
function parseEntry(text: string | null): OutboxEntry | undefined {
  try {
    const entry = JSON.parse(text ?? '') as Partial<OutboxEntry> | null;
    const { key, sessionId, content, queuedAt } = entry ?? {};
    for (const value of [key, sessionId, content, queuedAt]) {
      if (typeof value !== 'string') return undefined;
    }
    return entry as OutboxEntry;
  } catch {
    return undefined;
  }
}
