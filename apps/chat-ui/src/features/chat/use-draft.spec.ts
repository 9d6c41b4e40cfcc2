import { describe, expect, it, vi } from 'vitest';
import { effectScope } from 'vue';
import { clearStored, openStorage } from '../../app/user-storage.js';
import { useDraft } from './use-draft.js';

function open(chat: string, user = 'alice') {
  const scope = effectScope();
  const draft = scope.run(() => useDraft(user, chat))!;
  return { draft, leave: () => scope.stop() };
}

describe('a draft', () => {
  it('is there again when the chat is opened again', () => {
    const { draft, leave } = open('one');
    draft.value = 'half a thought';
    leave();
    expect(open('one').draft.value).toBe('half a thought');
    expect(open('two').draft.value).toBe('');
  });

  it('is stored when the page is left in the middle of typing', () => {
    const { draft } = open('one');
    draft.value = 'half a th';
    window.dispatchEvent(new Event('pagehide'));
    expect(open('one').draft.value).toBe('half a th');
  });

  it('is gone as soon as it is sent', () => {
    const { draft } = open('one');
    draft.value = 'whole';
    window.dispatchEvent(new Event('pagehide'));
    draft.value = '';
    expect(open('one').draft.value).toBe('');
  });

  it('is not written with every letter', () => {
    vi.useFakeTimers();
    const { draft } = open('one');
    const write = vi.spyOn(Storage.prototype, 'setItem');
    for (const letter of 'letters') draft.value += letter;
    expect(write).not.toHaveBeenCalled();
    vi.runAllTimers();
    expect(write).toHaveBeenCalledOnce();
    vi.useRealTimers();
  });

  it("is nobody else's", () => {
    const { draft, leave } = open('one');
    draft.value = 'mine';
    leave();
    expect(open('one', 'testuser').draft.value).toBe('');
  });

  it('does not come back when its user leaves before it was stored', () => {
    const { draft, leave } = open('one', 'leaver');
    draft.value = 'secret';
    clearStored('leaver');
    leave();
    openStorage('leaver');
    expect(open('one', 'leaver').draft.value).toBe('');
  });
});
