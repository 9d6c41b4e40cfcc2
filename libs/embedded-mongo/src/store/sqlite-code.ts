/**
 * The code of an error of SQLite (`SQLITE_BUSY`, …), or undefined for any other error.
 *
 * The class of the error is no help: the native part of the package keeps the one that it was given
 * first, and a process that loads the package twice, as a test runner does, has two.
 */
export function sqliteCode(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error)) return undefined;
  return typeof error.code === 'string' && error.code.startsWith('SQLITE_')
    ? error.code
    : undefined;
}
