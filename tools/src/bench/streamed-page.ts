import { signIn } from '@chat/product-harness';
import type { CDPSession, Page } from '@playwright/test';
import { setTimeout as delay } from 'node:timers/promises';
import { BURST_TEXT } from '@chat/scripted-provider';
import { launchBrowser, openPage, signInOnPage } from './browser.js';
import { percentile, type Measurement } from './report.js';
import { startScriptedProduct } from '../scripted/scripted-product.js';

const CHUNKS = 500;
/** 20 events a second would take 25 s; 50 are what a fast provider sends. */
const CHUNK_EVERY_MS = 20;
const MODEL = 'answer';

/** What a long answer that streams in costs the page. */
export async function measureStreamedPage(workspaceRoot: string): Promise<Measurement[]> {
  const bench = await startScriptedProduct(workspaceRoot, [MODEL], 1);
  const size = Math.ceil(BURST_TEXT.length / CHUNKS);
  bench.provider.script(MODEL, async (exchange) => {
    for (let from = 0; from < BURST_TEXT.length; from += size) {
      await exchange.say(BURST_TEXT.slice(from, from + size));
      await delay(CHUNK_EVERY_MS);
    }
    await exchange.finish();
  });
  const browser = await launchBrowser();
  try {
    const user = await signIn(bench.product.url);
    const session = await user.createSession('A long answer');
    const page = await openPage(browser);
    await signInOnPage(page, bench.product.url);
    await page.goto(`${bench.product.url}/chat-ui/c/${session._id}`);
    const composer = page.getByRole('textbox', { name: 'Message' });
    await composer.fill('Explain exponential back-off.');
    const devtools = await page.context().newCDPSession(page);
    await devtools.send('Performance.enable');
    const before = await mainThreadSeconds(devtools);
    await watchFrames(page);
    await composer.press('Enter');
    await page
      .getByRole('button', { name: 'Regenerate' })
      .first()
      .waitFor({ state: 'attached', timeout: 60_000 });
    const frames = await framesSeen(page);
    const spent = (await mainThreadSeconds(devtools)) - before;
    return [
      {
        what: 'A streamed answer of 20 kB, main thread of the page',
        value: spent * 1_000,
        unit: 'ms',
        bar: { atMost: 4_000 },
      },
      {
        what: 'Frames meanwhile, 95 % within',
        value: percentile(frames, 95),
        unit: 'ms',
        bar: { atMost: 32 },
        detail: `${frames.length} frames`,
      },
    ];
  } finally {
    await browser.close();
    await bench.stop();
  }
}

async function mainThreadSeconds(devtools: CDPSession): Promise<number> {
  const { metrics } = await devtools.send('Performance.getMetrics');
  return metrics.find(({ name }) => name === 'TaskDuration')?.value ?? Number.NaN;
}

async function watchFrames(page: Page): Promise<void> {
  await page.evaluate(() => {
    const frames: number[] = [];
    Object.assign(window, { frames });
    let last = performance.now();
    const next = (now: number): void => {
      frames.push(now - last);
      last = now;
      requestAnimationFrame(next);
    };
    requestAnimationFrame(next);
  });
}

function framesSeen(page: Page): Promise<number[]> {
  return page.evaluate(() => (window as unknown as { frames: number[] }).frames);
}
