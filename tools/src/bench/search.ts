import { signIn, startProduct, type ApiClient, type RunningProduct } from '@chat/product-harness';
import { CONNECTIONS, latencies, requestsPerSecond, type LoadTarget } from './load.js';
import { median, percentile, type Measurement } from './report.js';
import { measureFirstResults } from './search-page.js';
import { SEARCHER, seedSearch, type SearchSizes } from './search-seed.js';
import { randomMessage, randomNumbers, randomRank, wordOf } from './zipf-text.js';

/** Of the whole measure; a share of it where `BENCH_SEARCH_SCALE` says so, while one works on it. */
const SIZES: SearchSizes = { others: 10, sessions: 2_000, messages: 100_000 };
/** Queries of each kind. */
const SAMPLES = 25;
const ROUNDS = 5;
const SECONDS_A_ROUND = 2;
const FEW_SESSIONS = 20;
const LIST_SAMPLES = 300;

type Kind = (random: () => number) => string;

const frequent: Kind = (random) => wordOf(1 + Math.floor(random() * 50));
const usual: Kind = (random) => wordOf(100 + Math.floor(random() * 2_000));
const rare: Kind = (random) => wordOf(10_000 + Math.floor(random() * 30_000));
const anyWord: Kind = (random) => wordOf(randomRank(random));

/** What people type, letter by letter too. */
const KINDS: Readonly<Record<string, Kind>> = {
  'one letter': (random) => anyWord(random).slice(0, 1),
  'two letters': (random) => anyWord(random).slice(0, 2),
  'three letters': (random) => usual(random).slice(0, 3),
  'a frequent word': frequent,
  'a usual word': usual,
  'a rare word': rare,
  'two frequent words': (random) => `${frequent(random)} ${frequent(random)}`,
  'a frequent and a rare word': (random) => `${frequent(random)} ${rare(random)}`,
  'two usual words': (random) => `${usual(random)} ${usual(random)}`,
  'four words': (random) => Array.from({ length: 4 }, () => anyWord(random)).join(' '),
  'a phrase': (random) => `"${frequent(random)} ${frequent(random)}"`,
  'a word and a beginning': (random) => `${usual(random)} ${usual(random).slice(0, 3)}`,
  'with operators': (random) => `from:assistant has:code after:2024-06-01 ${frequent(random)}`,
  'operators alone': () => 'from:user before:2024-09-01',
  'without a word': (random) => `${usual(random)} -${frequent(random)}`,
  'nothing there is': (random) => `${usual(random)} xyzzy${Math.floor(random() * 1_000)}`,
};

/** Searching among many messages, the list of many sessions, and what the index costs a message. */
export async function measureSearch(root: string): Promise<Measurement[]> {
  const scale = Number(process.env.BENCH_SEARCH_SCALE ?? '1');
  const sizes = {
    others: Math.ceil(SIZES.others * scale),
    sessions: Math.ceil(SIZES.sessions * scale),
    messages: Math.ceil(SIZES.messages * scale),
  };
  const product = await startProduct(root, { env: { NODE_ENV: 'production', DEMO_USERS: 'true' } });
  try {
    const user = await seedSearch(product, sizes, (text) => {
      process.stderr.write(`  ${text}\n`);
    });
    return [
      await measureQueries(product, user, sizes),
      await measureFirstResults(product, SEARCHER),
      await measureList(product, user, sizes),
      await measureSending(root),
    ];
  } finally {
    await product.stop();
  }
}

async function measureQueries(
  product: RunningProduct,
  user: ApiClient,
  sizes: SearchSizes,
): Promise<Measurement> {
  const random = randomNumbers(7);
  const all: number[] = [];
  for (const [kind, make] of Object.entries(KINDS)) {
    const taken: number[] = [];
    for (let i = 0; i < SAMPLES; i += 1) {
      const url = `${product.url}/chat/search?q=${encodeURIComponent(make(random))}`;
      taken.push(...(await latencies({ url, headers: headersOf(user) }, 1)));
    }
    process.stderr.write(
      `  ${kind}: median ${median(taken).toFixed(0)} ms, p95 ${percentile(taken, 95).toFixed(0)} ms\n`,
    );
    all.push(...taken);
  }
  return {
    what: `Search, p95 of ${all.length} queries of ${Object.keys(KINDS).length} kinds`,
    value: percentile(all, 95),
    unit: 'ms',
    bar: { atMost: 100 },
    detail: `${sizes.messages} messages beside ${sizes.others} such users; median ${median(all).toFixed(1)} ms`,
  };
}

async function measureList(
  product: RunningProduct,
  user: ApiClient,
  sizes: SearchSizes,
): Promise<Measurement> {
  const few = await signIn(product.url);
  for (let i = 0; i < FEW_SESSIONS; i += 1) await few.createSession(`Session ${i + 1}`);
  const page = (of: ApiClient): LoadTarget => ({
    url: `${product.url}/chat/sessions?view=sidebar&limit=${FEW_SESSIONS}`,
    headers: headersOf(of),
  });
  const took: { many: number[]; few: number[] } = { many: [], few: [] };
  await latencies(page(user), 20);
  await latencies(page(few), 20);
  // By turns, so that whatever else the machine does meets both alike.
  for (let i = 0; i < LIST_SAMPLES; i += 1) {
    took.many.push(...(await latencies(page(user), 1)));
    took.few.push(...(await latencies(page(few), 1)));
  }
  const [many, little] = [median(took.many), median(took.few)];
  return {
    what: `First page of ${sizes.sessions} sessions, against one of ${FEW_SESSIONS}`,
    value: many / little,
    unit: '×',
    bar: { atMost: 1.2 },
    detail: `${many.toFixed(2)} against ${little.toFixed(2)} ms`,
  };
}

/** The same load on two servers in turns, one of them without an index. */
async function measureSending(root: string): Promise<Measurement> {
  const env = { NODE_ENV: 'production', DEMO_USERS: 'true' };
  const on = await startProduct(root, { env });
  const off = await startProduct(root, { env: { ...env, SEARCH_INDEX: 'off' } });
  try {
    const targets = { on: await sendTarget(on), off: await sendTarget(off) };
    const rates: { on: number[]; off: number[] } = { on: [], off: [] };
    for (const target of Object.values(targets)) await requestsPerSecond(target, 2);
    for (let round = 0; round < ROUNDS; round += 1) {
      rates.off.push(await requestsPerSecond(targets.off, SECONDS_A_ROUND));
      rates.on.push(await requestsPerSecond(targets.on, SECONDS_A_ROUND));
    }
    const [withIndex, without] = [median(rates.on), median(rates.off)];
    return {
      what: 'Sending a message with the search index, against without',
      value: without / withIndex,
      unit: '×',
      bar: { atMost: 1.5 },
      detail: `${Math.round(withIndex)} against ${Math.round(without)} messages/s of 8 to 72 words`,
    };
  } finally {
    await on.stop();
    await off.stop();
  }
}

async function sendTarget(product: RunningProduct): Promise<LoadTarget> {
  const user = await signIn(product.url);
  const sessions = await Promise.all(
    Array.from({ length: CONNECTIONS }, (_, i) => user.createSession(`Target ${i + 1}`)),
  );
  const random = randomNumbers(3);
  return {
    url: product.url,
    paths: sessions.map(({ _id }) => `/chat/sessions/${_id}/messages`),
    method: 'POST',
    headers: { ...headersOf(user), 'content-type': 'application/json' },
    bodies: Array.from({ length: 500 }, () => JSON.stringify({ content: randomMessage(random) })),
  };
}

function headersOf(user: ApiClient): Record<string, string> {
  return { authorization: `Bearer ${user.token}` };
}
