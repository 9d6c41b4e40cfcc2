import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { effectScope, nextTick, ref } from 'vue';
import { SKELETON_DELAY_MS, useDelayed } from './use-delayed.js';

describe('useDelayed', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('shows nothing for a wait that is over soon', async () => {
    const waiting = ref(true);
    const shown = effectScope().run(() => useDelayed(() => waiting.value))!;
    vi.advanceTimersByTime(SKELETON_DELAY_MS - 1);
    waiting.value = false;
    await nextTick();
    vi.advanceTimersByTime(SKELETON_DELAY_MS);
    expect(shown.value).toBe(false);
  });

  it('rises after the delay and falls at once', async () => {
    const waiting = ref(true);
    const shown = effectScope().run(() => useDelayed(() => waiting.value))!;
    vi.advanceTimersByTime(SKELETON_DELAY_MS);
    expect(shown.value).toBe(true);
    waiting.value = false;
    await nextTick();
    expect(shown.value).toBe(false);
  });
});
