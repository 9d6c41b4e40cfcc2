import type { RunningProduct } from '@chat/product-harness';
import type { Page } from '@playwright/test';
import { launchBrowser, openPage, signInOnPage } from './browser.js';
import { median, type Measurement } from './report.js';
import type { SeededData } from './seed.js';

const ROUNDS = 5;

/** Opening a session of 10,000 messages in a real browser: time, nodes, heap. */
export async function measurePage(
  product: RunningProduct,
  data: SeededData,
): Promise<Measurement[]> {
  const browser = await launchBrowser(['--enable-precise-memory-info']);
  try {
    const page = await openPage(browser);
    await signInOnPage(page, product.url);
    const opened: number[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      opened.push(await openLongSession(page, product.url, data.longSession._id));
    }
    const { nodes, heapMegabytes } = await weigh(page);
    return [
      { what: 'Opening 10,000 messages', value: median(opened), unit: 'ms', bar: { atMost: 500 } },
      { what: 'DOM nodes then', value: nodes, unit: 'nodes', bar: { atMost: 20_000 } },
      { what: 'JavaScript heap then', value: heapMegabytes, unit: 'MB', bar: { atMost: 60 } },
    ];
  } finally {
    await browser.close();
  }
}

/** From the start of a full load of the session's address to its newest message on the screen. */
async function openLongSession(page: Page, baseUrl: string, id: string): Promise<number> {
  await page.goto('about:blank');
  const began = performance.now();
  await page.goto(`${baseUrl}/chat-ui/c/${id}`, { waitUntil: 'commit' });
  await page.getByText('Message 9999.', { exact: false }).first().waitFor({ state: 'visible' });
  return performance.now() - began;
}

async function weigh(page: Page): Promise<{ nodes: number; heapMegabytes: number }> {
  const devtools = await page.context().newCDPSession(page);
  await devtools.send('HeapProfiler.collectGarbage');
  await devtools.send('Performance.enable');
  const { metrics } = await devtools.send('Performance.getMetrics');
  const metric = (name: string): number =>
    metrics.find((candidate) => candidate.name === name)?.value ?? Number.NaN;
  return { nodes: metric('Nodes'), heapMegabytes: metric('JSHeapUsedSize') / 1e6 };
}
