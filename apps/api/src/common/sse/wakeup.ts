/**
 * Lets one loop wait for "something changed" without a queue: a ring while nobody waits is
 * remembered once, however often it rang.
 */
export class Wakeup {
  private rung = false;
  private waiting: (() => void) | undefined;

  /** Bound, to be handed over as a listener. */
  readonly ring = (): void => {
    const { waiting } = this;
    if (waiting === undefined) {
      this.rung = true;
      return;
    }
    this.waiting = undefined;
    waiting();
  };

  /** Resolves at the next ring; at once where it rang since the last wait. One waiter at a time. */
  next(): Promise<void> {
    if (this.rung) {
      this.rung = false;
      return Promise.resolve();
    }
    return new Promise((resolve) => {
      this.waiting = resolve;
    });
  }
}
