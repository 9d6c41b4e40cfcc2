import { Readable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { signIn, startProduct } from '@chat/product-harness';
import type { ImportJob, ImportStarted } from '@chat/shared-types';
import { memoryOf } from './memory.js';
import type { Measurement } from './report.js';

const CONVERSATIONS = 200;
const MESSAGES_A_CONVERSATION = 50;
const CHARACTERS = 100_000;
/** How long the process is left alone before its memory counts as idle, in milliseconds. */
const IDLE_MS = 5_000;
const SAMPLE_EVERY_MS = 200;
const BOUNDARY = 'the-end-of-a-part';

/** The memory of the API, and how quickly it answers, while 1 GB of conversations is imported. */
export async function measureImport(workspaceRoot: string): Promise<Measurement[]> {
  const product = await startProduct(workspaceRoot, {
    env: { NODE_ENV: 'production', DEMO_USERS: 'true', SEARCH_INDEX: 'off' },
  });
  try {
    const { token } = await signIn(product.url);
    await delay(IDLE_MS);
    const idle = memoryOf(product.pid).own.megabytes;
    const began = performance.now();
    const samples: number[] = [];
    const waits: number[] = [];
    const job = importAll(product.url, token);
    const over = job.then(() => true);
    while (!(await Promise.race([over, delay(SAMPLE_EVERY_MS, false)]))) {
      samples.push(memoryOf(product.pid).own.megabytes);
      waits.push(await wait(`${product.url}/health/live`));
    }
    const { counts, error } = await job;
    if (counts.imported !== CONVERSATIONS) {
      throw new Error(`${counts.imported} conversations were imported: ${error ?? 'no error'}.`);
    }
    const seconds = Math.round((performance.now() - began) / 1_000);
    const peak = Math.max(...samples);
    waits.sort((a, b) => a - b);
    return [
      {
        what: 'API memory while 1 GB is imported, above idle',
        value: peak - idle,
        unit: 'MB',
        bar: { atMost: 256 },
        detail: `${Math.round(peak)} against ${Math.round(idle)} MB, in ${seconds} s`,
      },
      {
        what: 'GET /health/live while 1 GB is imported, p95',
        value: waits[Math.floor(waits.length * 0.95)] ?? 0,
        unit: 'ms',
        bar: { atMost: 250 },
        detail: `at most ${Math.round(waits.at(-1) ?? 0)} ms`,
      },
    ];
  } finally {
    await product.stop();
  }
}

async function wait(url: string): Promise<number> {
  const began = performance.now();
  await (await fetch(url)).arrayBuffer();
  return performance.now() - began;
}

/** Sends the file as it is made: a gigabyte fits in no text. */
async function importAll(url: string, token: string): Promise<ImportJob> {
  const headers = { authorization: `Bearer ${token}` };
  const request = {
    method: 'POST',
    headers: { ...headers, 'content-type': `multipart/form-data; boundary=${BOUNDARY}` },
    body: Readable.toWeb(Readable.from(multipart())) as ReadableStream,
    duplex: 'half',
  };
  const started = await fetch(`${url}/chat/import`, request);
  if (started.status !== 202) throw new Error(`${started.status}: ${await started.text()}`);
  const { _id } = (await started.json()) as ImportStarted;
  for (;;) {
    const answer = await fetch(`${url}/chat/imports/${_id}`, { headers });
    const job = (await answer.json()) as ImportJob;
    if (job.status !== 'running') return job;
    await delay(SAMPLE_EVERY_MS);
  }
}

async function* multipart(): AsyncGenerator<Uint8Array> {
  const bytes = new TextEncoder();
  yield bytes.encode(
    `--${BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="conversations.json"\r\n\r\n`,
  );
  for (let i = 0; i < CONVERSATIONS; i += 1) {
    yield bytes.encode(`${i === 0 ? '[' : ','}${JSON.stringify(conversation(i))}`);
    // The process that is measured shares the machine with this one.
    await delay(0);
  }
  yield bytes.encode(`]\r\n--${BOUNDARY}--\r\n`);
}

/** As ChatGPT exports one. */
function conversation(index: number): object {
  const mapping = Object.fromEntries(
    Array.from({ length: MESSAGES_A_CONVERSATION }, (_unused, i) => [
      `m${i}`,
      {
        id: `m${i}`,
        parent: i === 0 ? null : `m${i - 1}`,
        message: {
          author: { role: i % 2 === 0 ? 'user' : 'assistant' },
          create_time: 1_700_000_000 + index * 100 + i,
          content: {
            content_type: 'text',
            parts: [someText(index * MESSAGES_A_CONVERSATION + i)],
          },
        },
      },
    ]),
  );
  return { conversation_id: `c${index}`, title: `Conversation ${index}`, mapping };
}

/** Words in an order of its own for each number, so that they are about as dense as a real text. */
function someText(seed: number): string {
  let state = seed + 1;
  let text = '';
  while (text.length < CHARACTERS) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    text += `${(state >>> 8).toString(36)} `;
  }
  return text.slice(0, CHARACTERS);
}
