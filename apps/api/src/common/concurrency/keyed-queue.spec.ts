import { KeyedQueue } from './keyed-queue.js';

describe('a queue for each key', () => {
  it('keeps the order within a key, also behind a failure', async () => {
    const queue = new KeyedQueue();
    const seen: number[] = [];
    const first = queue.run('a', async () => {
      await Promise.resolve();
      seen.push(1);
      throw new Error('first');
    });
    const second = queue.run('a', () => Promise.resolve(seen.push(2)));
    await expect(first).rejects.toThrow('first');
    await second;
    expect(seen).toEqual([1, 2]);
  });

  it('lets another key pass', async () => {
    const queue = new KeyedQueue();
    let release: () => void = () => undefined;
    const held = queue.run('a', () => new Promise<void>((resolve) => (release = resolve)));
    await expect(queue.run('b', () => Promise.resolve('passed'))).resolves.toBe('passed');
    release();
    await held;
  });
});
