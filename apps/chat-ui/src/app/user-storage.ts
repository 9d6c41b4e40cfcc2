/**
 * What one user keeps in this browser: drafts and messages not yet sent. Every key carries the
 * user's id, so that two people on one browser never see each other's, and a logout can clear it.
 */
const prefixOf = (userId: string): string => `chat.user.${userId}.`;

/** Users who have left: what is still being written for them must not come back. */
const left = new Set<string>();

/** This user is here (again), and what they write is kept. */
export function openStorage(userId: string): void {
  left.delete(userId);
}

/** The stored text, or null where there is none or storage is blocked. */
export function readStored(userId: string, key: string): string | null {
  try {
    return localStorage.getItem(prefixOf(userId) + key);
  } catch {
    return null;
  }
}

/** Storage that is full or blocked loses the copy, never the text on the screen. */
export function writeStored(userId: string, key: string, value: string | null): void {
  if (left.has(userId)) return;
  try {
    if (value === null) localStorage.removeItem(prefixOf(userId) + key);
    else localStorage.setItem(prefixOf(userId) + key, value);
  } catch {
    /* Nothing to do: the page goes on without a stored copy. */
  }
}

/** Every stored key of this user that begins so, without the user's own prefix. */
export function listStored(userId: string, beginning: string): string[] {
  const whole = prefixOf(userId) + beginning;
  try {
    return Object.keys(localStorage)
      .filter((key) => key.startsWith(whole))
      .map((key) => key.slice(prefixOf(userId).length));
  } catch {
    return [];
  }
}

/** The key that a `storage` event tells of, without the user's prefix; null where it is not theirs. */
export function storedKeyOf(event: StorageEvent, userId: string): string | null {
  const prefix = prefixOf(userId);
  return event.key?.startsWith(prefix) ? event.key.slice(prefix.length) : null;
}

/** Forgets everything this user kept here, and keeps nothing more of theirs. */
export function clearStored(userId: string): void {
  left.add(userId);
  try {
    for (const key of Object.keys(localStorage)) {
      if (key.startsWith(prefixOf(userId))) localStorage.removeItem(key);
    }
  } catch {
    /* Storage is blocked, so nothing was kept. */
  }
}
