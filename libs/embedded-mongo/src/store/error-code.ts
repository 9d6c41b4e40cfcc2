/**
 * The code of an error of SQLite (`SQLITE_BUSY`, …) or of the file system (`ENOSPC`, …), or
 * undefined for any other error.
 *
 * The class of the error is no help, nor is `Error` itself: the native part of the package keeps
 * the class that it was given first, and a process that loads the package twice, each time in a
 * realm of its own, as a test runner does, has two.
 */
export function errorCode(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}

/** The same for SQLite alone. */
export function sqliteCode(error: unknown): string | undefined {
  const code = errorCode(error);
  return code?.startsWith('SQLITE_') === true ? code : undefined;
}
