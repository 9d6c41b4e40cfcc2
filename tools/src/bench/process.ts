import { signIn, startProduct } from '@chat/product-harness';
import { setTimeout as delay } from 'node:timers/promises';
import { memoryOf } from './memory.js';
import { median, type Measurement } from './report.js';

const STARTS = 5;
/** How long a process is left alone before its memory counts as idle. */
const IDLE_MS = 5_000;

/** What the processes cost before anyone uses them: seconds to the first answer, and memory. */
export async function measureProcess(workspaceRoot: string): Promise<Measurement[]> {
  const starts: number[] = [];
  let api = 0;
  let engine = 0;
  for (let i = 0; i < STARTS; i += 1) {
    const began = performance.now();
    const product = await startProduct(workspaceRoot);
    const health = await fetch(`${product.url}/health/ready`);
    starts.push(performance.now() - began);
    if (!health.ok) throw new Error(`/health/ready answered ${health.status}.`);
    if (i === STARTS - 1) {
      await signIn(product.url);
      await delay(IDLE_MS);
      const memory = memoryOf(product.pid);
      api = memory.own.megabytes;
      engine = Math.max(...memory.children.map((child) => child.megabytes));
    }
    await product.stop();
  }
  return [
    { what: 'Start to first answer', value: median(starts), unit: 'ms', bar: { atMost: 2_500 } },
    { what: 'API, resident when idle', value: api, unit: 'MB', bar: { atMost: 200 } },
    { what: 'Database, resident when idle', value: engine, unit: 'MB', bar: { atMost: 120 } },
  ];
}
