import { shallowRef } from 'vue';
import { readStored, writeStored } from '../../app/user-storage.js';

const KEY = 'folders';

interface Stored {
  open: string[];
  folded: boolean;
}

/** Which folders of a user are open, and whether the whole tree is folded; kept over reloads. */
export function useOpenFolders(userId: string) {
  const stored = readState(userId);
  const open = shallowRef<ReadonlySet<string>>(new Set(stored.open));
  const folded = shallowRef(stored.folded);

  function keep(): void {
    const state: Stored = { open: [...open.value], folded: folded.value };
    writeStored(userId, KEY, JSON.stringify(state));
  }

  function setOpen(folderId: string, wanted: boolean): void {
    if (open.value.has(folderId) === wanted) return;
    const now = new Set(open.value);
    if (wanted) now.add(folderId);
    else now.delete(folderId);
    open.value = now;
    keep();
  }

  function setFolded(wanted: boolean): void {
    folded.value = wanted;
    keep();
  }

  return { open, folded, setOpen, setFolded };
}

function readState(userId: string): Stored {
  try {
    const state = JSON.parse(readStored(userId, KEY) ?? '{}') as Partial<Stored>;
    const open = Array.isArray(state.open) ? state.open.filter((id) => typeof id === 'string') : [];
    return { open, folded: state.folded === true };
  } catch {
    return { open: [], folded: false };
  }
}
