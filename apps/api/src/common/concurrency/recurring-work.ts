/** Work that is done at once and then again and again, never twice at the same time. */
export class RecurringWork {
  private timer: NodeJS.Timeout | undefined;
  private underWay: Promise<void> | undefined;

  /**
   * @param work its failures go to `onFailure`; the next turn comes all the same.
   * @param everyMs from the beginning of one turn to the next; a turn that is not over by then
   *   stands for the next one too.
   */
  constructor(
    private readonly work: () => Promise<void>,
    private readonly everyMs: number,
    private readonly onFailure: (error: unknown) => void,
  ) {}

  start(): void {
    this.timer = setInterval(() => this.turn(), this.everyMs);
    this.turn();
  }

  /** Waits for the turn that is under way. */
  async stop(): Promise<void> {
    clearInterval(this.timer);
    await this.underWay;
  }

  private turn(): void {
    this.underWay ??= this.work()
      .catch(this.onFailure)
      .finally(() => {
        this.underWay = undefined;
      });
  }
}
