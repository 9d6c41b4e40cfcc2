import type { Exchange, ScriptedProvider } from '@chat/scripted-provider';

/** The model whose answers are said by the test, word by word; `scripted/held` in the product. */
export const HELD_MODEL = 'held';
/** What that model calls every conversation. */
export const HELD_TITLE = 'A name by the model';

/** Answers that come when the test says so: nothing has to be waited for but what it is about. */
export class HeldAnswers {
  private readonly arrived: Exchange[] = [];
  private readonly awaited: ((exchange: Exchange) => void)[] = [];

  constructor(provider: ScriptedProvider) {
    provider.script(HELD_MODEL, async (exchange) => {
      if (exchange.question.system?.includes('You name conversations') === true) {
        await exchange.say(HELD_TITLE);
        await exchange.finish();
        return;
      }
      const take = this.awaited.shift();
      if (take) take(exchange);
      else this.arrived.push(exchange);
      await exchange.request.closed;
    });
  }

  /** The next question that the model is asked, whether it has arrived or is still to come. */
  next(): Promise<Exchange> {
    const exchange = this.arrived.shift();
    if (exchange) return Promise.resolve(exchange);
    return new Promise((resolve) => this.awaited.push(resolve));
  }
}
