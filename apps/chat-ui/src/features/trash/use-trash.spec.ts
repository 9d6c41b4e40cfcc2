import type { TrashEntry } from '@chat/shared-types';
import { flushPromises } from '@vue/test-utils';
import { afterEach, describe, expect, it } from 'vitest';
import { effectScope, type EffectScope } from 'vue';
import { buildMessage, buildSession } from '../../testing/builders.js';
import { answer, heldAnswer, refuse, scriptFetch } from '../../testing/scripted-fetch.js';
import { entryId } from './trash-entry.js';
import { useTrash } from './use-trash.js';

const AT = '2026-03-10T10:00:00.000Z';

function chat(number: number): TrashEntry {
  const session = { ...buildSession(number), deleted_at: AT };
  return { type: 'session', session, deleted_at: AT, purge_at: AT };
}
function message(number: number): TrashEntry {
  const deleted = { ...buildMessage(number), deleted_at: AT };
  return {
    type: 'message',
    message: deleted,
    session_title: 'Boats',
    deleted_at: AT,
    purge_at: AT,
  };
}

let scope: EffectScope;

function openTrash() {
  scope = effectScope();
  return scope.run(useTrash)!;
}

describe('useTrash', () => {
  afterEach(() => {
    scope.stop();
  });

  it('reads page by page, and anew as far as it was read', async () => {
    const link = { Link: '</chat/trash?limit=50&cursor=c1>; rel="next"' };
    const seen = scriptFetch(({ path }) =>
      path.includes('cursor') ? answer([chat(2)]) : answer([chat(1)], 200, link),
    );
    const trash = openTrash();
    await trash.load();
    expect(await trash.more()).toBe(false);
    expect(trash.entries.value.map(entryId)).toEqual([chat(1), chat(2)].map(entryId));
    await trash.load();
    expect(trash.entries.value).toHaveLength(2);
    expect(seen).toHaveLength(4);
  });

  it('takes what is restored off the list at once, and an older answer does not bring it back', async () => {
    const restoring = heldAnswer();
    scriptFetch(({ method }) =>
      method === 'POST' ? restoring.promise : answer([chat(1), message(2)]),
    );
    const trash = openTrash();
    await trash.load();
    const done = trash.restore(trash.entries.value[1]!);
    expect(trash.entries.value.map(entryId)).toEqual([entryId(chat(1))]);
    await trash.load();
    expect(trash.entries.value.map(entryId)).toEqual([entryId(chat(1))]);
    restoring.give(answer({}));
    await done;
  });

  it('restores a chat and a message by their own calls', async () => {
    const seen = scriptFetch(({ method }) =>
      method === 'POST' ? answer({}) : answer([chat(1), message(2)]),
    );
    const trash = openTrash();
    await trash.load();
    const [first, second] = trash.entries.value;
    await trash.restore(first!);
    await trash.restore(second!);
    const session = `/chat/sessions/${entryId(chat(1))}`;
    expect(seen.slice(1).map(({ path }) => path)).toEqual([
      `${session}/restore`,
      `${session}/messages/${entryId(message(2))}/restore`,
    ]);
  });

  it('puts back what was not restored', async () => {
    scriptFetch(({ method }) =>
      method === 'POST' ? refuse(404, 'not-found') : answer([chat(1), chat(2)]),
    );
    const trash = openTrash();
    await trash.load();
    await expect(trash.restore(trash.entries.value[0]!)).rejects.toThrow();
    expect(trash.entries.value).toHaveLength(2);
  });

  it('reads once more where news comes while it reads', async () => {
    const first = heldAnswer();
    let reads = 0;
    scriptFetch(() => {
      reads += 1;
      return reads === 1 ? first.promise : answer([chat(2)]);
    });
    const trash = openTrash();
    const loading = trash.load();
    void trash.load();
    await flushPromises();
    expect(reads).toBe(1);
    first.give(answer([chat(1)]));
    await loading;
    expect(reads).toBe(2);
    expect(trash.entries.value.map(entryId)).toEqual([entryId(chat(2))]);
  });

  it('says that it failed, and keeps a list that is there', async () => {
    let down = true;
    scriptFetch(() => (down ? refuse(503, 'unavailable') : answer([chat(1)])));
    const trash = openTrash();
    await trash.load();
    expect(trash.status.value).toBe('failed');
    down = false;
    await trash.retry();
    expect(trash.status.value).toBe('ready');
    down = true;
    await trash.load();
    expect(trash.status.value).toBe('ready');
    expect(trash.entries.value).toHaveLength(1);
  });

  it('is empty once it was emptied, and as it was where that failed', async () => {
    let refused = true;
    scriptFetch(({ method }) => {
      if (method !== 'DELETE') return answer([chat(1)]);
      return refused ? refuse(503, 'unavailable') : answer(undefined, 204);
    });
    const trash = openTrash();
    await trash.load();
    await expect(trash.empty()).rejects.toThrow();
    expect(trash.entries.value).toHaveLength(1);
    refused = false;
    await trash.empty();
    expect(trash.entries.value).toEqual([]);
  });
});
