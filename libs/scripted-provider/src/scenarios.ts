import { setImmediate } from 'node:timers/promises';
import type { Exchange, Script } from './exchange.js';
import { pieces, words } from './pieces.js';
import { MULTI_BYTE, PROSE, TECHNICAL_ANSWER, THOUGHTS } from './texts.js';

const SLOW_MS = 100;
const STEADY_MS = 50;
const CUT_AFTER_MS = 20;
const STEADY_EVENTS = 200;
const BURST_EVENTS = 500;
const BURST_CHARACTERS = 20_000;
const VERY_LONG_CHARACTERS = 1_200_000;
/** How much of its answer a scenario that breaks off has said by then. */
const HALF = 0.5;

/** The numbered words of `steady`: what is missing, doubled or out of order is seen at once. */
export const STEADY_TEXT = Array.from(
  { length: STEADY_EVENTS },
  (_, index) => `event-${String(index + 1).padStart(4, '0')} `,
).join('');

/** What `burst-500` says: technical answers one after the other, cut at its length. */
export const BURST_TEXT = TECHNICAL_ANSWER.repeat(
  Math.ceil(BURST_CHARACTERS / TECHNICAL_ANSWER.length),
).slice(0, BURST_CHARACTERS);

/**
 * Every scenario by the model's name that picks it. Where the request holds a partial answer, those
 * that say a text go on from there, and those that fail half-way do not fail again.
 */
export const SCENARIOS = {
  /** One line of prose, a word an event, as fast as it goes. */
  fast: (exchange) => recite(exchange, PROSE),
  /** The same line, a word every 100 ms: about five seconds. */
  slow: (exchange) => recite(exchange, PROSE, { everyMs: SLOW_MS }),
  /** 200 numbered words, 20 of them a second. */
  steady: (exchange) => recite(exchange, STEADY_TEXT, { everyMs: STEADY_MS }),
  /** The line of prose in network chunks of one byte. */
  'one-byte': (exchange) => {
    exchange.chunkBytes = 1;
    return recite(exchange, PROSE);
  },
  /** Characters of two to four bytes, the bytes of one mostly in different network chunks. */
  'split-utf8': (exchange) => {
    exchange.chunkBytes = 3;
    return recite(exchange, MULTI_BYTE);
  },
  /** Thoughts first, then the line of prose. */
  reasoning: async (exchange) => {
    if (exchange.prefill === '') for (const word of words(THOUGHTS)) await exchange.think(word);
    await recite(exchange, PROSE);
  },
  /** Two words; made for looking at the tokens that are counted. */
  usage: (exchange) => recite(exchange, 'Counted words.'),
  /** 401, and the answer repeats the key, as some providers do. */
  unauthorized: (exchange) => exchange.refuse(401, `The API key ${keyOf(exchange)} is not valid.`),
  /** 404, as for a model that does not exist. */
  missing: (exchange) => refuseModel(exchange),
  /** 429 that asks for half a minute of patience. */
  'rate-limited': (exchange) => exchange.refuse(429, 'Too many requests.', { 'retry-after': '30' }),
  /** 429 that asks for one second, then the line of prose. */
  'rate-limited-once': (exchange) =>
    exchange.request.attempt === 1
      ? exchange.refuse(429, 'Too many requests.', { 'retry-after': '1' })
      : recite(exchange, PROSE),
  /** 500, always. */
  failing: (exchange) => exchange.refuse(500, 'An internal error.'),
  /** 500, then the line of prose. */
  'failing-once': (exchange) =>
    exchange.request.attempt === 1
      ? exchange.refuse(500, 'An internal error.')
      : recite(exchange, PROSE),
  /** 400, as for a conversation that is too long. */
  refusing: (exchange) =>
    exchange.refuse(400, `The conversation is too long for this model (key ${keyOf(exchange)}).`),
  /** The first half of the line, then the connection is cut. */
  broken: (exchange) =>
    half(exchange, PROSE, async () => {
      // A cut that comes in one go with what was said would take that with it.
      await exchange.pause(CUT_AFTER_MS);
      exchange.destroy();
    }),
  /** The first half of the line, then a proper end of the connection without an end of the answer. */
  truncated: (exchange) =>
    half(exchange, PROSE, () => {
      exchange.hangUp();
    }),
  /** The status line and nothing behind it, until the client gives up. */
  hanging: async (exchange) => {
    await exchange.open();
    await exchange.request.closed;
  },
  /** The connection is accepted and never answered. */
  silent: (exchange) => exchange.request.closed,
  /** A proper end without a word. */
  empty: (exchange) => exchange.finish(),
  /** 1.2 million characters in events of 1,000. */
  'very-long': async (exchange) => {
    const text = exchange.rest(PROSE.repeat(VERY_LONG_CHARACTERS / PROSE.length + 1));
    for (let from = 0; from < VERY_LONG_CHARACTERS; from += 1_000) {
      await exchange.say(text.slice(from, from + 1_000));
    }
    await exchange.finish();
  },
  /** The first half of the line, then a content filter ends it. */
  filtered: (exchange) => half(exchange, PROSE, () => exchange.finish('content_filter')),
  /** The first half of the line, then the model's limit ends it. */
  length: (exchange) => half(exchange, PROSE, () => exchange.finish('length')),
  /** A long technical answer with code, table, task list, formulas and a diagram. */
  markdown: (exchange) => recite(exchange, TECHNICAL_ANSWER),
  /** 20,000 characters of technical answers in 500 events, as fast as they go. */
  'burst-500': async (exchange) => {
    for (const piece of pieces(exchange.rest(BURST_TEXT), BURST_EVENTS)) {
      await exchange.say(piece);
      await setImmediate();
    }
    await exchange.finish();
  },
  /** The last turn of the user, word by word. */
  echo: (exchange) => {
    const asked = exchange.question.turns.findLast(({ role }) => role === 'user');
    return recite(exchange, asked?.content ?? '');
  },
  /** 200 with a web page in place of an answer. */
  garbage: (exchange) =>
    exchange.answerRaw('text/html', '<!doctype html><title>It works!</title><h1>It works!</h1>'),
  /** Half the line, then an event that is no JSON. */
  malformed: (exchange) =>
    half(exchange, PROSE, async () => {
      await exchange.write('data: {"choices": [{"delta": \n\n');
      exchange.hangUp();
    }),
} satisfies Readonly<Record<string, Script>>;

export type ScenarioName = keyof typeof SCENARIOS;

/**
 * The script for a model's name; whatever stands behind an `@` is ignored, so that one scenario can
 * be several models (`fast`, `fast@2`).
 */
export function scenarioOf(model: string): Script {
  const [wanted] = model.split('@', 1);
  const found = Object.entries(SCENARIOS).find(([scenario]) => scenario === wanted);
  return found === undefined ? refuseModel : found[1];
}

async function recite(
  exchange: Exchange,
  text: string,
  { everyMs = 0 }: { readonly everyMs?: number } = {},
): Promise<void> {
  for (const word of words(exchange.rest(text))) {
    await exchange.say(word);
    if (everyMs > 0) await exchange.pause(everyMs);
  }
  await exchange.finish();
}

/** Half the text and an end of its own; where there is a beginning already, the rest and no fault. */
async function half(
  exchange: Exchange,
  text: string,
  end: () => Promise<void> | void,
): Promise<void> {
  if (exchange.prefill !== '') return recite(exchange, text);
  const all = words(text);
  for (const word of all.slice(0, all.length * HALF)) await exchange.say(word);
  await end();
}

function refuseModel(exchange: Exchange): Promise<void> {
  return exchange.refuse(404, `The model "${exchange.question.model}" does not exist.`);
}

/** The key that came with the request. */
function keyOf({ request: { headers } }: Exchange): string {
  const bearer = headers.authorization?.replace(/^Bearer /, '');
  const [key] = [headers['x-api-key'] ?? bearer ?? ''].flat();
  return key ?? '';
}
