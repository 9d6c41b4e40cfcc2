import { describe, expect, it, vi } from 'vitest';
import { patiently } from './patient-loader.js';

describe('a patient loader', () => {
  it('asks again when the network is back', async () => {
    const load = vi
      .fn<() => Promise<string>>()
      .mockRejectedValueOnce(new Error('offline'))
      .mockResolvedValue('code');
    const loaded = patiently(load)();
    await vi.waitFor(() => {
      expect(load).toHaveBeenCalledOnce();
    });
    // The failure is taken in before the network comes back.
    await Promise.resolve();
    window.dispatchEvent(new Event('online'));
    await expect(loaded).resolves.toBe('code');
    expect(load).toHaveBeenCalledTimes(2);
  });

  it('asks again after a while where the network never went', async () => {
    vi.useFakeTimers();
    const load = vi
      .fn<() => Promise<string>>()
      .mockRejectedValueOnce(new Error('the server starts'))
      .mockResolvedValue('code');
    const loaded = patiently(load)();
    await vi.advanceTimersByTimeAsync(10_000);
    await expect(loaded).resolves.toBe('code');
    vi.useRealTimers();
  });
});
