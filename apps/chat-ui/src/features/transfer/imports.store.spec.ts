import type { ImportJob, ListedImport } from '@chat/shared-types';
import { flushPromises } from '@vue/test-utils';
import { createPinia, setActivePinia } from 'pinia';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { UnreachableError } from '../../app/api-error.js';
import { clearToasts, toasts } from '../../composables/use-toasts.js';
import { useImportsStore } from './imports.store.js';
import { importsApi } from './transfer.api.js';
import { leaveTransfers } from './use-transfer-question.js';

const FILE = new File(['[]'], 'conversations.json');

function job(members: Partial<ImportJob> = {}): ImportJob {
  return {
    _id: 'a'.repeat(24),
    status: 'done',
    dry_run: false,
    format: 'chatgpt',
    progress: { done: 2, total: 2 },
    counts: { imported: 2, skipped: 1, failed: 0 },
    error: null,
    created_at: '2026-03-10T10:00:00.000Z',
    report: [],
    ...members,
  };
}

/** The server answers every question about the import with this. */
function answer(members: Partial<ImportJob>): ImportJob {
  const answered = job(members);
  vi.spyOn(importsApi, 'start').mockResolvedValue({ _id: answered._id, status: 'running' });
  vi.spyOn(importsApi, 'latest').mockResolvedValue([answered satisfies ListedImport]);
  vi.spyOn(importsApi, 'get').mockResolvedValue(answered);
  return answered;
}

describe('an import', () => {
  beforeEach(() => {
    setActivePinia(createPinia());
    clearToasts();
  });

  it('is checked first, then imported from the same file', async () => {
    const imports = useImportsStore();
    answer({ dry_run: true });
    await imports.check(FILE);
    expect(imports.step).toBe('checked');

    answer({});
    await imports.confirm();
    expect(imports.step).toBe('ended');
    expect(vi.mocked(importsApi.start).mock.calls.at(-1)?.slice(0, 2)).toEqual([FILE, false]);
  });

  it('that fails when it is checked says why, and another file can be chosen', async () => {
    const imports = useImportsStore();
    answer({ dry_run: true, status: 'failed', error: 'conversations.json ends too early.' });
    await imports.check(FILE);
    expect(imports.step).toBe('choosing');
    expect(imports.failure).toBe('conversations.json ends too early.');
  });

  it('can be tried again where the server could not be reached', async () => {
    const imports = useImportsStore();
    answer({ dry_run: true });
    await imports.check(FILE);
    vi.spyOn(importsApi, 'start').mockRejectedValue(new UnreachableError(undefined));
    await imports.confirm();
    expect(imports.step).toBe('checked');
    expect(imports.failure).toMatch(/could not be reached/);
  });

  it('tells by a toast with Undo how it ended, where nobody looks', async () => {
    const imports = useImportsStore();
    answer({});
    await imports.check(FILE);
    expect(toasts.value[0]?.text).toBe('Import done: 2 chats imported, 1 skipped.');
    expect(toasts.value[0]?.action?.label).toBe('Undo');
  });

  it('that another page began is shown when it is found', async () => {
    const imports = useImportsStore();
    const running = job({ status: 'running', progress: { done: 1, total: 4 } });
    vi.spyOn(importsApi, 'latest').mockResolvedValueOnce([running]).mockResolvedValue([job()]);
    vi.spyOn(importsApi, 'get').mockResolvedValue(job());
    await imports.resume();
    expect(imports.step).toBe('ended');
    expect(imports.job?.status).toBe('done');
  });

  it('is forgotten when the user leaves', async () => {
    const imports = useImportsStore();
    answer({});
    await imports.check(FILE);
    leaveTransfers();
    await flushPromises();
    expect(imports.step).toBe('choosing');
    expect(imports.job).toBeNull();
    expect(imports.latest).toEqual([]);
  });
});
