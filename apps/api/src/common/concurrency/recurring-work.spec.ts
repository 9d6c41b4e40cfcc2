import { RecurringWork } from './recurring-work.js';

describe('recurring work', () => {
  beforeEach(() => {
    jest.useFakeTimers();
  });
  afterEach(() => {
    jest.useRealTimers();
  });

  it('is done at once, and no turn begins before the one before it has ended', async () => {
    const ends: (() => void)[] = [];
    const recurring = new RecurringWork(
      () => new Promise<void>((resolve) => ends.push(resolve)),
      100,
      () => undefined,
    );
    recurring.start();
    await jest.advanceTimersByTimeAsync(250);
    expect(ends).toHaveLength(1);
    ends[0]?.();
    await jest.advanceTimersByTimeAsync(100);
    expect(ends).toHaveLength(2);

    const stopped = recurring.stop();
    let over = false;
    void stopped.then(() => (over = true));
    await jest.advanceTimersByTimeAsync(1_000);
    expect(over).toBe(false);
    ends[1]?.();
    await stopped;
    expect(ends).toHaveLength(2);
  });

  it('tells of a failure and goes on', async () => {
    const failures: unknown[] = [];
    let turns = 0;
    const recurring = new RecurringWork(
      () => {
        turns += 1;
        return Promise.reject(new Error(`turn ${turns}`));
      },
      100,
      (error) => failures.push(error),
    );
    recurring.start();
    await jest.advanceTimersByTimeAsync(100);
    await recurring.stop();
    expect(failures).toEqual([new Error('turn 1'), new Error('turn 2')]);
  });
});
