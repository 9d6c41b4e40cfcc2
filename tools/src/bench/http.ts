import type { RunningProduct } from '@chat/product-harness';
import { latencies, requestsPerSecond, type LoadTarget } from './load.js';
import type { BareServer } from './bare-server.js';
import { median, type Measurement } from './report.js';
import type { SeededData } from './seed.js';

/** Rounds that are measured alternately, so that a slow moment of the machine meets both sides. */
const ROUNDS = 5;
const SECONDS_A_ROUND = 3;
const LATENCY_SAMPLES = 200;
const PAGE = 50;

/** Throughput over HTTP: the API against a bare handler, and by itself. */
export async function measureHttp(
  product: RunningProduct,
  bare: BareServer,
  data: SeededData,
): Promise<Measurement[]> {
  const headers = { authorization: `Bearer ${data.token}` };
  const post = (base: string): LoadTarget => ({
    url: base,
    paths: data.targetSessions.map(({ _id }) => `/chat/sessions/${_id}/messages`),
    method: 'POST',
    headers: { ...headers, 'content-type': 'application/json' },
    body: JSON.stringify({ content: 'Hello from the benchmark.' }),
  });
  const get = (base: string): LoadTarget => ({
    url: `${base}/chat/sessions/${data.longSession._id}/messages?limit=${PAGE}`,
    headers,
  });
  const sessions: LoadTarget = { url: `${product.url}/chat/sessions?limit=25`, headers };

  const sent = await compare(post(product.url), post(bare.url));
  const read = await compare(get(product.url), get(bare.url));
  const listed = await rounds(sessions);
  return [
    ratio('POST message, against bare node:http', sent),
    ratio('GET 50 messages, against bare node:http', read),
    rate('GET 50 messages', read.api),
    rate('GET 25 sessions', listed),
    await measureDepth(get(product.url)),
  ];
}

interface Comparison {
  readonly api: number;
  readonly bare: number;
}

async function compare(api: LoadTarget, bare: LoadTarget): Promise<Comparison> {
  const measured: { api: number[]; bare: number[] } = { api: [], bare: [] };
  await warmUp(api);
  await warmUp(bare);
  for (let round = 0; round < ROUNDS; round += 1) {
    measured.bare.push(await requestsPerSecond(bare, SECONDS_A_ROUND));
    measured.api.push(await requestsPerSecond(api, SECONDS_A_ROUND));
  }
  return { api: median(measured.api), bare: median(measured.bare) };
}

async function rounds(target: LoadTarget): Promise<number> {
  await warmUp(target);
  const measured: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    measured.push(await requestsPerSecond(target, SECONDS_A_ROUND));
  }
  return median(measured);
}

async function warmUp(target: LoadTarget): Promise<void> {
  await requestsPerSecond(target, 2);
}

function ratio(what: string, { api, bare }: Comparison): Measurement {
  return {
    what,
    value: api / bare,
    unit: '×',
    bar: { atLeast: 0.6 },
    detail: `${Math.round(api)} against ${Math.round(bare)} requests/s`,
  };
}

function rate(what: string, value: number): Measurement {
  return { what, value, unit: 'requests/s', bar: { atLeast: 1_000 } };
}

/** The page behind 10,000 messages against the first one, both in the same minute. */
async function measureDepth(first: LoadTarget): Promise<Measurement> {
  const last = { ...first, url: await lastPage(first) };
  const took: { first: number[]; last: number[] } = { first: [], last: [] };
  for (let round = 0; round < ROUNDS; round += 1) {
    took.first.push(...(await latencies(first, LATENCY_SAMPLES / ROUNDS)));
    took.last.push(...(await latencies(last, LATENCY_SAMPLES / ROUNDS)));
  }
  const [near, deep] = [median(took.first), median(took.last)];
  return {
    what: 'Page at depth 10,000, against the first',
    value: deep / near,
    unit: '×',
    bar: { atMost: 1.2 },
    detail: `${deep.toFixed(2)} against ${near.toFixed(2)} ms`,
  };
}

/** Follows the `Link` headers to the last full page. */
async function lastPage(first: LoadTarget): Promise<string> {
  let current = first.url;
  for (;;) {
    const response = await fetch(current, { headers: { ...first.headers } });
    await response.arrayBuffer();
    const next = /<([^>]+)>;\s*rel="next"/.exec(response.headers.get('link') ?? '')?.[1];
    if (next === undefined) return current;
    current = new URL(next, current).href;
  }
}
