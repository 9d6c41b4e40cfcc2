import type { CreateFolderRequest, Folder, UpdateFolderRequest } from '@chat/shared-types';
import { defineStore } from 'pinia';
import { computed, ref, shallowRef } from 'vue';
import { FolderForest, type FolderPlace } from './folder-forest.js';
import { foldersApi } from './organise.api.js';

/** News of many sessions at once make one question. */
const QUIET_MS = 200;

/** All folders of the user. What is done here shows at once and is taken back when it is refused. */
export const useFoldersStore = defineStore('folders', () => {
  const folders = shallowRef<readonly Folder[]>([]);
  const status = ref<'idle' | 'loading' | 'ready' | 'failed'>('idle');
  const failure = shallowRef<unknown>(null);
  const forest = computed(() => new FolderForest(folders.value));
  /** Raised by a reset: an answer to a question of the user before is dropped. */
  let era = 0;
  /** Raised by every change made here: an answer from before it is out of date. */
  let version = 0;
  let running = 0;
  let reading: Promise<void> | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;

  /** Reads all folders anew. Calls under way are shared. */
  function load(): Promise<void> {
    reading ??= read().finally(() => {
      reading = undefined;
    });
    return reading;
  }

  async function read(): Promise<void> {
    const [asked, before] = [era, version];
    if (status.value !== 'ready') status.value = 'loading';
    try {
      const answer = await foldersApi.all();
      if (asked !== era) return;
      // What was changed meanwhile is read when it is done.
      if (before === version && running === 0) folders.value = answer;
      else if (running === 0) refreshSoon();
      status.value = 'ready';
    } catch (error) {
      if (asked !== era) return;
      failure.value = error;
      if (status.value !== 'ready') status.value = 'failed';
    }
  }

  /** Folders or what is in them changed somewhere: they are read again, where they were before. */
  function refreshSoon(): void {
    if (status.value === 'idle') return;
    clearTimeout(timer);
    timer = setTimeout(() => {
      // An answer that is on its way may be older than the news.
      void (reading ?? Promise.resolve()).then(() =>
        status.value === 'idle' ? undefined : load(),
      );
    }, QUIET_MS);
  }

  /** Shows what a call is about to do, and takes it back when the call fails. */
  async function attempt<T>(shown: readonly Folder[], call: () => Promise<T>): Promise<T> {
    const before = folders.value;
    folders.value = shown;
    running += 1;
    version += 1;
    try {
      return await call();
    } catch (error) {
      folders.value = before;
      throw error;
    } finally {
      running -= 1;
      version += 1;
      refreshSoon();
    }
  }

  async function create(request: CreateFolderRequest): Promise<Folder> {
    const asked = era;
    const folder = await foldersApi.create(request);
    version += 1;
    if (asked === era) folders.value = [...folders.value, folder];
    return folder;
  }

  async function change(folderId: string, change: Pick<UpdateFolderRequest, 'name' | 'color'>) {
    const shown = folders.value.map((one) => (one._id === folderId ? { ...one, ...change } : one));
    await attempt(shown, () => foldersApi.update(folderId, change));
  }

  async function move(folderId: string, { parentId, position }: FolderPlace): Promise<void> {
    const shown = forest.value.moved(folderId, { parentId, position });
    const request = { parent_id: parentId, position };
    await attempt(shown, () => foldersApi.update(folderId, request));
  }

  /** What it holds moves to its parent. */
  async function remove(folderId: string): Promise<void> {
    await attempt(forest.value.dissolved(folderId), () => foldersApi.remove(folderId));
  }

  const get = (folderId: string | null): Folder | undefined => forest.value.get(folderId);

  function reset(): void {
    era += 1;
    clearTimeout(timer);
    reading = undefined;
    folders.value = [];
    status.value = 'idle';
    failure.value = null;
  }

  return {
    folders,
    forest,
    status,
    failure,
    get,
    load,
    refreshSoon,
    create,
    change,
    move,
    remove,
    reset,
  };
});
