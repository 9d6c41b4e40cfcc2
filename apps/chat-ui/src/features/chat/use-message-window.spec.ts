import type { ListedMessage } from '@chat/shared-types';
import { describe, expect, it } from 'vitest';
import { nextTick, shallowRef } from 'vue';
import { buildMessage } from '../../testing/builders.js';
import { PAGE_SIZE } from './messages.api.js';
import { MAX_ROWS, rowsToFill, useMessageWindow } from './use-message-window.js';

function range(from: number, to: number): ListedMessage[] {
  return Array.from({ length: to - from + 1 }, (_, at) => buildMessage(from + at));
}

describe('the window over a long conversation', () => {
  it('begins with the newest page and never holds more rows than its limit', () => {
    const messages = shallowRef(range(1, 2000));
    const { rows, showOlder, hasHiddenNewer } = useMessageWindow(() => messages.value);
    expect(rows.value.at(-1)?.content).toBe('Message 2000');
    for (let page = 0; page < 50; page += 1) showOlder();
    expect(rows.value[0]?.content).toBe('Message 1');
    expect(rows.value).toHaveLength(MAX_ROWS);
    expect(hasHiddenNewer.value).toBe(true);
  });

  it('begins with as many rows as fit, and becomes a page step by step', () => {
    const messages = shallowRef(range(1, 100));
    const { rows, widen } = useMessageWindow(() => messages.value, rowsToFill(800));
    expect(rows.value.length).toBeGreaterThan(800 / 84);
    expect(rows.value.length).toBeLessThan(PAGE_SIZE);
    while (widen()) expect(rows.value.at(-1)?.content).toBe('Message 100');
    expect(rows.value).toHaveLength(PAGE_SIZE);
  });

  it('comes back to the newest, step by step or at once', () => {
    const messages = shallowRef(range(1, 1000));
    const { rows, showOlder, showNewer, showNewest } = useMessageWindow(() => messages.value);
    for (let page = 0; page < 50; page += 1) showOlder();
    for (let page = 0; page < 50; page += 1) showNewer();
    expect(rows.value.at(-1)?.content).toBe('Message 1000');
    for (let page = 0; page < 50; page += 1) showOlder();
    showNewest();
    expect(rows.value.at(-1)?.content).toBe('Message 1000');
  });

  it('shows the same rows to a reader far up when something is written at the end', async () => {
    const messages = shallowRef(range(1, 1000));
    const { rows, showOlder } = useMessageWindow(() => messages.value);
    for (let page = 0; page < 50; page += 1) showOlder();
    const before = rows.value.map(({ _id }) => _id);
    messages.value = [...messages.value, ...range(1001, 1003)];
    await nextTick();
    expect(rows.value.map(({ _id }) => _id)).toEqual(before);
  });

  it('keeps its first row while the conversation grows at the end', async () => {
    const messages = shallowRef(range(1, 200));
    const { rows } = useMessageWindow(() => messages.value);
    const first = rows.value[0];
    messages.value = [...messages.value, ...range(201, 203)];
    await nextTick();
    expect(rows.value[0]).toBe(first);
    expect(rows.value.at(-1)?.content).toBe('Message 203');
  });

  it('brings a message far up into the document, with what follows it', async () => {
    const messages = shallowRef(range(1, 2000));
    const { rows, reveal, hasHiddenNewer } = useMessageWindow(() => messages.value);
    const wanted = messages.value[999]!;
    reveal(wanted._id);
    await nextTick();
    expect(rows.value).toContain(wanted);
    expect(rows.value.length).toBeLessThanOrEqual(MAX_ROWS);
    expect(hasHiddenNewer.value).toBe(true);
  });

  it('shows the end of another branch that is shorter than what was left out', async () => {
    const messages = shallowRef(range(1, 2000));
    const { rows, reveal } = useMessageWindow(() => messages.value);
    reveal(messages.value[999]!._id);
    await nextTick();
    messages.value = [...messages.value.slice(0, 20), buildMessage(3000)];
    await nextTick();
    expect(rows.value.length).toBeGreaterThan(0);
  });
});
