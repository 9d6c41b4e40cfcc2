import { setTimeout as delay } from 'node:timers/promises';
import { signIn, type ApiClient } from '@chat/product-harness';
import { monotonicMs, STEADY_TEXT } from '@chat/scripted-provider';
import type { Message, SentMessage } from '@chat/shared-types';
import { memoryOf } from './memory.js';
import { readReply } from '../scripted/reply-reader.js';
import { median, percentile, type Measurement } from './report.js';
import { startScriptedProduct, type ScriptedProduct } from '../scripted/scripted-product.js';
import { seedSession } from './seed.js';

const SHORT_SESSION = 10;
const LONG_SESSION = 5_000;
const SENDS = 100;
/** Asked before anything is measured: what is compiled on first use is compiled then. */
const WARM_UPS = 10;
const TOKENS = 200;
const TOKEN_EVERY_MS = 25;
const REPLIES_AT_ONCE = 200;
const WATCH_MEMORY_EVERY_MS = 250;
const TICKS = 'ticks';

/** Replies: how soon the provider is asked, how soon a token is read, and 200 of them at once. */
export async function measureReplies(workspaceRoot: string): Promise<Measurement[]> {
  const bench = await startScriptedProduct(
    workspaceRoot,
    ['fast', 'steady', TICKS],
    REPLIES_AT_ONCE,
  );
  try {
    const user = await signIn(bench.product.url);
    return [
      ...(await measureAsking(bench, user)),
      await measureTokens(bench, user),
      ...(await measureCrowd(bench, user)),
    ];
  } finally {
    await bench.stop();
  }
}

async function measureAsking(bench: ScriptedProduct, user: ApiClient): Promise<Measurement[]> {
  const { product } = bench;
  const long = await seedSession(product, user, 'Long', LONG_SESSION);
  const ask = async (sessionId: string): Promise<number> => {
    const earlier = bench.provider.requests.length;
    const began = monotonicMs();
    const { reply } = await send(user, sessionId, 'fast');
    await readReply(product.url, user.token, reply);
    const request = bench.provider.requests[earlier];
    if (request === undefined) throw new Error('The provider was not asked.');
    return request.atMs - began;
  };
  // A session of its own for every question: with each one a short session would grow longer.
  const shortOnes: string[] = [];
  for (let i = 0; i < WARM_UPS + SENDS; i += 1) {
    shortOnes.push((await seedSession(product, user, `Short ${i}`, SHORT_SESSION))._id);
  }
  for (const id of shortOnes.slice(0, WARM_UPS)) await ask(id);
  const took: { short: number[]; long: number[] } = { short: [], long: [] };
  for (const id of shortOnes.slice(WARM_UPS)) {
    took.short.push(await ask(id));
    took.long.push(await ask(long._id));
  }
  const [near, far] = [median(took.short), median(took.long)];
  return [
    { what: 'POST to provider, median', value: near, unit: 'ms', bar: { atMost: 20 } },
    {
      what: 'POST to provider, p95',
      value: percentile(took.short, 95),
      unit: 'ms',
      bar: { atMost: 50 },
    },
    {
      what: 'POST to provider at 5,000 messages, against 10',
      value: far / near,
      unit: '×',
      bar: { atMost: 1.3 },
      detail: `${far.toFixed(1)} against ${near.toFixed(1)} ms`,
    },
  ];
}

async function measureTokens(bench: ScriptedProduct, user: ApiClient): Promise<Measurement> {
  bench.provider.script(TICKS, async (exchange) => {
    for (let i = 0; i < TOKENS; i += 1) {
      await exchange.say(`token-${i} `);
      await delay(TOKEN_EVERY_MS);
    }
    await exchange.finish();
  });
  const session = await user.createSession('Tokens');
  const { reply } = await send(user, session._id, TICKS);
  const read = await readReply(bench.product.url, user.token, reply);
  const { sent } = bench.provider.requests.findLast(({ question }) => question.model === TICKS) ?? {
    sent: [],
  };
  const latencies: number[] = [];
  let end = 0;
  for (const { text, atMs } of sent) {
    end += text.length;
    const arrival = read.arrivals.find((candidate) => candidate.end >= end);
    if (arrival !== undefined) latencies.push(arrival.atMs - atMs);
  }
  return {
    what: 'Token to reader, median',
    value: median(latencies),
    unit: 'ms',
    bar: { atMost: 3 },
    detail: `p95 ${percentile(latencies, 95).toFixed(1)} ms, ${latencies.length} tokens`,
  };
}

async function measureCrowd(bench: ScriptedProduct, user: ApiClient): Promise<Measurement[]> {
  const { product } = bench;
  const sessions = await Promise.all(
    Array.from({ length: REPLIES_AT_ONCE }, (_unused, i) => user.createSession(`Crowd ${i}`)),
  );
  const peak = { api: 0, database: 0 };
  const watch = setInterval(() => {
    const { own, children } = memoryOf(product.pid);
    peak.api = Math.max(peak.api, own.megabytes);
    peak.database = Math.max(peak.database, ...children.map(({ megabytes }) => megabytes));
  }, WATCH_MEMORY_EVERY_MS);
  const whole = await Promise.all(
    sessions.map(async ({ _id }) => {
      const { reply } = await send(user, _id, 'steady');
      const { text } = await readReply(product.url, user.token, reply);
      const stored = await user.call<Message[]>('GET', `/chat/sessions/${_id}/messages`);
      return text === STEADY_TEXT && stored.at(-1)?.content === STEADY_TEXT;
    }),
  );
  clearInterval(watch);
  return [
    {
      what: 'Replies read and stored whole, of 200 at once',
      value: whole.filter(Boolean).length,
      unit: 'replies',
      bar: { atLeast: REPLIES_AT_ONCE },
    },
    {
      what: 'Resident then, the API',
      value: peak.api,
      unit: 'MB',
      bar: { atMost: 400 },
      detail: `the database beside it: ${Math.round(peak.database)} MB`,
    },
  ];
}

async function send(
  user: ApiClient,
  sessionId: string,
  model: string,
): Promise<SentMessage & { reply: Message }> {
  const sent = await user.call<SentMessage>('POST', `/chat/sessions/${sessionId}/messages`, {
    content: 'What is an exponential back-off?',
    reply: { model: `scripted/${model}` },
  });
  if (sent.reply === undefined) throw new Error('The message was stored without a reply.');
  return { ...sent, reply: sent.reply };
}
