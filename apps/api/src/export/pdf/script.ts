import type { Script } from './blocks.js';

const STRONG = /\p{L}/u;
const RIGHT_TO_LEFT =
  /[\p{Script=Hebrew}\p{Script=Arabic}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}\p{Script=Samaritan}\p{Script=Mandaic}]/u;
const LANGUAGES: readonly (readonly [RegExp, Script['lang']])[] = [
  [/\p{Script=Hangul}/u, 'ko'],
  // Kana before Han: Japanese is written with both.
  [/[\p{Script=Hiragana}\p{Script=Katakana}]/u, 'ja'],
  [/\p{Script=Han}/u, 'zh'],
  [/\p{Script=Arabic}/u, 'ar'],
  [/\p{Script=Hebrew}/u, 'he'],
];
/** Enough to know a paragraph by. */
const LOOKED_AT = 2_000;

/**
 * How a paragraph is set: its direction is that of its first strong character (Unicode UAX #9, P2
 * and P3), its language is guessed from its scripts.
 */
export function scriptOf(text: string): Script {
  const start = text.slice(0, LOOKED_AT);
  const first = STRONG.exec(start)?.[0] ?? '';
  const lang = LANGUAGES.find(([letters]) => letters.test(start))?.[1] ?? 'en';
  return { dir: RIGHT_TO_LEFT.test(first) ? 'rtl' : 'ltr', lang };
}
