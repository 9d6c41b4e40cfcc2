import type { RunningProduct } from '@chat/product-harness';
import type { Page } from '@playwright/test';
import { launchBrowser, openPage, signInOnPage, type Login } from './browser.js';
import { median, percentile, type Measurement } from './report.js';
import { randomNumbers, wordOf } from './zipf-text.js';

const SAMPLES = 40;
const RESULTS = '[role=listbox][aria-label=Results] [role=option]';

interface Times {
  key: number;
  seen: number;
}

/**
 * How long somebody who types a query in the palette looks at nothing: from the last key to the
 * frame with the first results, in a real browser, what the page itself waits between keys included.
 */
export async function measureFirstResults(
  product: RunningProduct,
  login: Login,
): Promise<Measurement> {
  const browser = await launchBrowser();
  try {
    const page = await openPage(browser);
    await signInOnPage(page, product.url, login);
    await page.keyboard.press('Control+k');
    await watchResults(page);
    const random = randomNumbers(11);
    const word = (): string => wordOf(10 + Math.floor(random() * 500));
    // The first search of a page also fetches what shows it.
    await firstResults(page, word());
    const took: number[] = [];
    for (let i = 0; i < SAMPLES; i += 1) {
      const query = i % 2 === 0 ? word() : `${word()} ${word().slice(0, 3)}`;
      took.push(await firstResults(page, query));
    }
    return {
      what: 'First results in the page after the last key, p95',
      value: percentile(took, 95),
      unit: 'ms',
      bar: { atMost: 200 },
      detail: `median ${median(took).toFixed(0)} ms of ${SAMPLES} queries`,
    };
  } finally {
    await browser.close();
  }
}

async function watchResults(page: Page): Promise<void> {
  await page.evaluate((results) => {
    const times: Times = { key: 0, seen: 0 };
    Object.assign(window, { times });
    const noteKey = (): void => {
      times.key = performance.now();
      times.seen = 0;
    };
    addEventListener('input', noteKey, { capture: true });
    new MutationObserver(() => {
      if (times.seen !== 0 || document.querySelector(results) === null) return;
      times.seen = Number.POSITIVE_INFINITY;
      requestAnimationFrame(() => (times.seen = performance.now()));
    }).observe(document.body, { childList: true, subtree: true });
  }, RESULTS);
}

/** Types a query where there are no results yet. */
async function firstResults(page: Page, query: string): Promise<number> {
  const field = page.getByRole('dialog').getByRole('combobox');
  await field.fill('');
  await page.locator(RESULTS).first().waitFor({ state: 'detached' });
  await field.fill(query);
  const seen = await page.waitForFunction(() => {
    const { key, seen } = (window as unknown as { times: Times }).times;
    return seen > key && Number.isFinite(seen) ? { waited: seen - key } : undefined;
  });
  return (await seen.evaluate((value) => value?.waited)) ?? Number.NaN;
}
