import type { ProductMemory } from './memory.js';
import type { Measurement } from './report.js';
import { randomNumbers, randomRank, wordOf } from './zipf-text.js';

/** How much is taken out or in. */
export interface TransferSize {
  readonly conversations: number;
  readonly messagesEach: number;
  /** Of one message. */
  readonly characters: number;
}

/** A gigabyte of messages. */
const FULL: TransferSize = { conversations: 200, messagesEach: 50, characters: 100_000 };
const MOST_MEGABYTES = 256;

/**
 * @param share of a gigabyte; `BENCH_TRANSFER_SCALE` makes it smaller still, while one works on it.
 */
export function transferSize(share = 1): TransferSize {
  const scale = share * Number(process.env.BENCH_TRANSFER_SCALE ?? '1');
  return { ...FULL, conversations: Math.ceil(FULL.conversations * scale) };
}

export function bytesOf({ conversations, messagesEach, characters }: TransferSize): number {
  return conversations * messagesEach * characters;
}

/** As a person says it: `1 GB`, `50 MB`. */
export function named(size: TransferSize): string {
  const megabytes = Math.round(bytesOf(size) / 1e6);
  return megabytes >= 1_000 ? `${megabytes / 1_000} GB` : `${megabytes} MB`;
}

/** What both processes held at most, in all and above what they hold when idle. */
export function memoryMeasurements(
  what: string,
  idle: ProductMemory,
  peak: ProductMemory,
  detail: string,
): Measurement[] {
  const above = (process: keyof ProductMemory): string =>
    `${Math.round(peak[process] - idle[process])} MB above idle`;
  return [
    {
      what: `API, resident at most while ${what}`,
      value: peak.api,
      unit: 'MB',
      bar: { atMost: MOST_MEGABYTES },
      detail: `${above('api')}; ${detail}`,
    },
    {
      what: `Database, resident at most while ${what}`,
      value: peak.database,
      unit: 'MB',
      bar: { atMost: MOST_MEGABYTES },
      detail: above('database'),
    },
  ];
}

const POOL_CHARACTERS = 1_000_000;
/** A prime, so that every number has another beginning. */
const STEP = 7_919;

/**
 * Words as dense as a real text's, from another place of the same long text for each number: making
 * new ones would keep this process from asking the other one how quickly it answers.
 */
export function someText(number: number, characters: number): string {
  pool ??= longText(POOL_CHARACTERS + characters);
  const start = (number * STEP) % POOL_CHARACTERS;
  return pool.slice(start, start + characters);
}

let pool: string | undefined;

function longText(characters: number): string {
  const random = randomNumbers(1);
  const words: string[] = [];
  for (let length = 0; length < characters;) {
    const word = wordOf(randomRank(random));
    words.push(word);
    length += word.length + 1;
  }
  return words.join(' ');
}
