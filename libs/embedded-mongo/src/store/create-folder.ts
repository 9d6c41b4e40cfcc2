import { mkdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

/** For the owner alone. */
const PRIVATE = 0o700;

/**
 * Creates a folder and those above it that are missing, all readable for their owner alone; one that
 * is there stays as it is. Node's own recursive `mkdir` never returns where a file system says of a
 * new folder that it does not exist, as Linux does below `/proc`.
 *
 * @throws the error of the file system where it cannot be created.
 */
export function createFolder(path: string): void {
  if (isFolder(path)) return;
  const parent = dirname(path);
  if (parent !== path) createFolder(parent);
  try {
    mkdirSync(path, { mode: PRIVATE });
  } catch (error) {
    // Another process may have been faster.
    if (!isFolder(path)) throw error;
  }
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}
