import { Readable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { signIn, startProduct } from '@chat/product-harness';
import type { ImportJob, ImportStarted } from '@chat/shared-types';
import { peakUntil, productMemory } from './memory.js';
import { percentile, type Measurement } from './report.js';
import {
  memoryMeasurements,
  named,
  someText,
  transferSize,
  type TransferSize,
} from './transfer-size.js';

/** How long the process is left alone before its memory counts as idle, in milliseconds. */
const IDLE_MS = 5_000;
const SAMPLE_EVERY_MS = 200;
const BOUNDARY = 'the-end-of-a-part';
/** Indexing a gigabyte of texts takes half an hour, and no more memory than a part of it. */
const INDEXED_SHARE = 0.05;

/** The memory of both processes, and how quickly the API answers, while conversations are imported. */
export async function measureImport(workspaceRoot: string): Promise<Measurement[]> {
  return [
    ...(await measureOne(workspaceRoot, transferSize(), 'off')),
    ...(await measureOne(workspaceRoot, transferSize(INDEXED_SHARE), 'on')),
  ];
}

async function measureOne(
  workspaceRoot: string,
  size: TransferSize,
  searchIndex: 'on' | 'off',
): Promise<Measurement[]> {
  const product = await startProduct(workspaceRoot, {
    env: { NODE_ENV: 'production', DEMO_USERS: 'true', SEARCH_INDEX: searchIndex },
  });
  try {
    const { token } = await signIn(product.url);
    await delay(IDLE_MS);
    const idle = productMemory(product.pid);
    const began = performance.now();
    const job = importAll(product.url, token, size);
    const waiting = waitsUntil(`${product.url}/health/live`, job);
    const peak = await peakUntil(product.pid, job);
    const { counts, error } = await job;
    if (counts.imported !== size.conversations) {
      throw new Error(`${counts.imported} conversations were imported: ${error ?? 'no error'}.`);
    }
    const seconds = Math.round((performance.now() - began) / 1_000);
    const waits = await waiting;
    const what = `${named(size)} is imported, the search index ${searchIndex}`;
    return [
      ...memoryMeasurements(what, idle, peak, `in ${seconds} s`),
      {
        what: `GET /health/live while ${what}, p95`,
        value: percentile(waits, 95),
        unit: 'ms',
        bar: { atMost: 250 },
        detail: `at most ${Math.round(Math.max(...waits))} ms`,
      },
    ];
  } finally {
    await product.stop();
  }
}

async function waitsUntil(url: string, end: Promise<unknown>): Promise<number[]> {
  const over = end.then(() => true);
  const waits: number[] = [];
  do waits.push(await wait(url));
  while (!(await Promise.race([over, delay(SAMPLE_EVERY_MS, false)])));
  return waits;
}

async function wait(url: string): Promise<number> {
  const began = performance.now();
  await (await fetch(url)).arrayBuffer();
  return performance.now() - began;
}

/** Sends the file as it is made: a gigabyte fits in no text. */
async function importAll(url: string, token: string, size: TransferSize): Promise<ImportJob> {
  const headers = { authorization: `Bearer ${token}` };
  const request = {
    method: 'POST',
    headers: { ...headers, 'content-type': `multipart/form-data; boundary=${BOUNDARY}` },
    body: Readable.toWeb(Readable.from(multipart(size))) as ReadableStream,
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

async function* multipart(size: TransferSize): AsyncGenerator<Uint8Array> {
  const bytes = new TextEncoder();
  yield bytes.encode(
    `--${BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="conversations.json"\r\n\r\n`,
  );
  for (let i = 0; i < size.conversations; i += 1) {
    yield bytes.encode(`${i === 0 ? '[' : ','}${JSON.stringify(conversation(i, size))}`);
    // The process that is measured shares the machine with this one.
    await delay(0);
  }
  yield bytes.encode(`]\r\n--${BOUNDARY}--\r\n`);
}

/** As ChatGPT exports one. */
function conversation(index: number, { messagesEach, characters }: TransferSize): object {
  const mapping = Object.fromEntries(
    Array.from({ length: messagesEach }, (_unused, i) => [
      `m${i}`,
      {
        id: `m${i}`,
        parent: i === 0 ? null : `m${i - 1}`,
        message: {
          author: { role: i % 2 === 0 ? 'user' : 'assistant' },
          create_time: 1_700_000_000 + index * 100 + i,
          content: {
            content_type: 'text',
            parts: [someText(index * messagesEach + i, characters)],
          },
        },
      },
    ]),
  );
  return { conversation_id: `c${index}`, title: `Conversation ${index}`, mapping };
}
