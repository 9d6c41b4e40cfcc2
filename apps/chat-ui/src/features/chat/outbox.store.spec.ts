import type { Message } from '@chat/shared-types';
import { HEADERS } from '@chat/shared-types';
import { flushPromises } from '@vue/test-utils';
import { createPinia, setActivePinia } from 'pinia';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { buildMessage, buildReply } from '../../testing/builders.js';
import {
  answer,
  heldAnswer,
  noAnswer,
  refuse,
  scriptFetch,
  type SeenRequest,
} from '../../testing/scripted-fetch.js';
import { useOutboxStore } from './outbox.store.js';

const USER = 'a11ce';
const SESSION = buildMessage(1).session_id;
const keyOf = ({ headers }: SeenRequest): string | null => headers.get(HEADERS.idempotencyKey);

/** As after a reload: a new page, the same storage. */
function openOutbox(): {
  outbox: ReturnType<typeof useOutboxStore>;
  delivered: Message[];
  held: string[];
} {
  setActivePinia(createPinia());
  const outbox = useOutboxStore();
  const delivered: Message[] = [];
  const held: string[] = [];
  outbox.open(USER, {
    delivered: (message) => delivered.push(message),
    held: (sessionId) => held.push(sessionId),
  });
  return { outbox, delivered, held };
}

function setOnline(online: boolean): void {
  vi.spyOn(navigator, 'onLine', 'get').mockReturnValue(online);
}

describe('the outbox', () => {
  beforeEach(() => {
    setOnline(true);
  });

  it('shows a message before any answer, and hands it over with the answer', async () => {
    const held = heldAnswer();
    scriptFetch(() => held.promise);
    const { outbox, delivered } = openOutbox();
    outbox.enqueue(SESSION, 'Hello');
    expect(outbox.of(SESSION)).toMatchObject([{ content: 'Hello', state: 'sending' }]);
    held.give(answer(buildMessage(7), 201));
    await flushPromises();
    expect(outbox.of(SESSION)).toEqual([]);
    expect(delivered).toEqual([buildMessage(7)]);
  });

  it('keeps what is written between the end of a login and the form, for the same user alone', async () => {
    const seen = scriptFetch(() => answer(buildMessage(7), 201));
    const { outbox } = openOutbox();
    outbox.close(true);
    outbox.enqueue(SESSION, 'Too late');
    await flushPromises();
    expect(seen).toHaveLength(0);

    const { delivered } = openOutbox();
    await flushPromises();
    expect(seen.map(({ json }) => json)).toMatchObject([{ content: 'Too late' }]);
    expect(delivered).toHaveLength(1);
  });

  it('keeps nothing that is written after a logout', async () => {
    const seen = scriptFetch(() => answer(buildMessage(7), 201));
    const { outbox } = openOutbox();
    outbox.close(false);
    outbox.enqueue(SESSION, 'Gone');
    openOutbox();
    await flushPromises();
    expect(seen).toHaveLength(0);
  });

  it('retries under the key of the first try', async () => {
    const seen = scriptFetch(() => refuse(503, 'unavailable', 'The database is away.'));
    const { outbox, delivered } = openOutbox();
    outbox.enqueue(SESSION, 'Hello');
    await flushPromises();
    const [failed] = outbox.of(SESSION);
    expect(failed).toMatchObject({ state: 'failed', reason: 'The database is away.' });
    const again = scriptFetch(() => answer(buildMessage(7), 201));
    if (failed) outbox.retry(failed);
    await flushPromises();
    expect(again.map(keyOf)).toEqual(seen.map(keyOf));
    expect(delivered).toHaveLength(1);
  });

  it('still has the text and the key after a reload', async () => {
    const seen = scriptFetch(noAnswer);
    openOutbox().outbox.enqueue(SESSION, 'Hello');
    await flushPromises();
    const { outbox } = openOutbox();
    const [failed] = outbox.of(SESSION);
    expect(failed).toMatchObject({ content: 'Hello', state: 'failed', key: seen.map(keyOf)[0] });
  });

  it('goes on after a reload in the middle of a send, under the same key', async () => {
    const first = scriptFetch(() => new Promise<Response>(() => undefined));
    openOutbox().outbox.enqueue(SESSION, 'Hello');
    await flushPromises();
    const second = scriptFetch(() => answer(buildMessage(7), 201));
    const { delivered } = openOutbox();
    await flushPromises();
    expect(second.map(keyOf)).toEqual(first.map(keyOf));
    expect(delivered).toHaveLength(1);
    expect(openOutbox().outbox.of(SESSION)).toEqual([]);
  });

  it('sends the messages of a session in the order they were written', async () => {
    const held = heldAnswer();
    const seen = scriptFetch(({ json }) =>
      (json as { content: string }).content === 'one' ? held.promise : answer(buildMessage(8), 201),
    );
    const { outbox } = openOutbox();
    outbox.enqueue(SESSION, 'one');
    outbox.enqueue(SESSION, 'two');
    await flushPromises();
    expect(seen).toHaveLength(1);
    held.give(answer(buildMessage(7), 201));
    await flushPromises();
    expect(seen.map(({ json }) => json)).toEqual([
      { content: 'one', reply: true },
      { content: 'two', reply: true },
    ]);
  });

  it('waits while offline and sends by itself when the network is back', async () => {
    setOnline(false);
    const seen = scriptFetch(() => answer(buildMessage(7), 201));
    const { outbox, delivered } = openOutbox();
    outbox.enqueue(SESSION, 'Hello');
    await flushPromises();
    expect(outbox.of(SESSION)).toMatchObject([{ state: 'waiting' }]);
    expect(seen).toHaveLength(0);
    setOnline(true);
    dispatchEvent(new Event('online'));
    await flushPromises();
    expect(delivered).toHaveLength(1);
  });

  it('waits for the next login when this one has expired', async () => {
    scriptFetch(() => refuse(401, 'session-expired'));
    const { outbox } = openOutbox();
    outbox.enqueue(SESSION, 'Hello');
    await flushPromises();
    expect(outbox.of(SESSION)).toMatchObject([{ state: 'waiting' }]);
    scriptFetch(() => answer(buildMessage(7), 201));
    const { delivered } = openOutbox();
    await flushPromises();
    expect(delivered).toHaveLength(1);
  });

  it('asks for a reply to an edited message in the place of the old one', async () => {
    const seen = scriptFetch(() => answer(buildMessage(7), 201));
    const { outbox } = openOutbox();
    outbox.enqueue(SESSION, 'Better', { parentId: null, replaces: 'old' });
    await flushPromises();
    expect(seen[0]?.json).toEqual({ content: 'Better', reply: true, parent_id: null });
  });

  it('keeps a message until the running reply has ended, and the order behind it', async () => {
    scriptFetch(() => refuse(409, 'reply-running'));
    const { outbox, delivered, held } = openOutbox();
    outbox.enqueue(SESSION, 'one');
    await flushPromises();
    expect(held).toEqual([SESSION]);
    expect(outbox.of(SESSION)).toMatchObject([
      { state: 'waiting', reason: 'Waits for the reply to end' },
    ]);
    const seen = scriptFetch(() => answer(buildMessage(7), 201));
    outbox.enqueue(SESSION, 'two');
    await flushPromises();
    expect(seen).toHaveLength(0);
    outbox.release(SESSION);
    await flushPromises();
    expect(seen.map(({ json }) => (json as { content: string }).content)).toEqual(['one', 'two']);
    expect(delivered).toHaveLength(2);
  });

  it('does not ask for a second reply while the first is being written', async () => {
    const seen = scriptFetch(() => answer({ ...buildMessage(7), reply: buildReply(8) }, 201));
    const { outbox } = openOutbox();
    outbox.enqueue(SESSION, 'one');
    outbox.enqueue(SESSION, 'two');
    await flushPromises();
    expect(seen).toHaveLength(1);
    expect(outbox.of(SESSION)).toMatchObject([{ content: 'two', state: 'waiting' }]);
    outbox.release(SESSION);
    await flushPromises();
    expect(seen).toHaveLength(2);
  });

  it('gives a message up for good', async () => {
    scriptFetch(noAnswer);
    const { outbox } = openOutbox();
    outbox.enqueue(SESSION, 'Hello');
    await flushPromises();
    outbox.discard(outbox.of(SESSION)[0]?.key ?? '');
    expect(openOutbox().outbox.of(SESSION)).toEqual([]);
  });

  it('ignores stored entries that are not its own shape', () => {
    localStorage.setItem(`chat.user.${USER}.outbox.x`, '{"key":1}');
    localStorage.setItem(`chat.user.${USER}.outbox.y`, 'not json');
    expect(openOutbox().outbox.of(SESSION)).toEqual([]);
  });
});
