import type { Message } from '@chat/shared-types';
import { describe, expect, it } from 'vitest';
import { effectScope, nextTick, shallowRef } from 'vue';
import { announce, announcement } from '../../composables/use-announcer.js';
import { buildMessage, buildReply } from '../../testing/builders.js';
import { useReplyAnnouncements } from './use-reply-announcements.js';

/** A conversation that opens with one message; what is said about it from then on. */
async function openWith(first: Message): Promise<{
  show: (message: Message) => Promise<string>;
}> {
  announce('');
  const newest = shallowRef<Message>();
  effectScope().run(() => {
    useReplyAnnouncements(
      () => newest.value,
      ({ status }) => status === 'streaming',
    );
  });
  async function show(message: Message): Promise<string> {
    newest.value = message;
    await nextTick();
    const said = announcement.value.trim();
    announce('');
    return said;
  }
  await show(first);
  return { show };
}

const ended = (members: Partial<Message> = {}): Message =>
  buildReply(2, { status: 'complete', content: 'Forty-two.', ...members });

describe('what is said of a reply', () => {
  it('is that it comes, then all of it once, and nothing in between', async () => {
    const { show } = await openWith(buildMessage(1));
    expect(await show(buildReply(2))).toBe('A reply is coming.');
    expect(await show(buildReply(2, { content: 'Forty' }))).toBe('');
    expect(await show(ended())).toBe('Assistant: Forty-two.');
    expect(await show(ended({ edited_at: '2026-03-10T10:00:00.000Z' }))).toBe('');
  });

  it('is all of it where it came whole', async () => {
    const { show } = await openWith(buildMessage(1));
    expect(await show(ended())).toBe('Assistant: Forty-two.');
  });

  it('is nothing where it was there before', async () => {
    const { show } = await openWith(ended());
    expect(await show(ended())).toBe('');
  });

  it('is nothing where an older version is shown again', async () => {
    const { show } = await openWith(buildReply(3, { status: 'complete', content: 'Newer.' }));
    expect(await show(ended())).toBe('');
    expect(await show(buildReply(3, { status: 'complete', content: 'Newer.' }))).toBe('');
  });

  it.each([
    { status: 'stopped', words: 'Reply stopped. Assistant: Forty-two.' },
    { status: 'interrupted', words: 'The reply was interrupted. Assistant: Forty-two.' },
  ] as const)('says how it ended ($status)', async ({ status, words }) => {
    const { show } = await openWith(buildMessage(1));
    await show(buildReply(2));
    expect(await show(ended({ status }))).toBe(words);
  });

  it('says why it failed', async () => {
    const { show } = await openWith(buildMessage(1));
    await show(buildReply(2));
    const error = {
      type: '',
      title: '',
      status: 502,
      detail: 'The key was refused.',
      instance: '',
    };
    expect(await show(ended({ status: 'failed', content: '', error }))).toBe(
      'The reply failed. The key was refused.',
    );
  });
});
