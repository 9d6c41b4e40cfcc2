import type { Inline } from './blocks.js';

/** As many letters fit on a line also where they are wide; longer words may be broken. */
const MOST_LETTERS = 40;
const PIECE_LETTERS = 20;
/** Beyond this no word is one: it is broken at fixed places, which costs the compiler nothing. */
const MOST_BREAKABLE = 400;
const LINE_LETTERS = 60;
/** Runs that offer no place for a line break; East Asian text may be broken nearly anywhere. */
const LONG = /[^\s\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]{41,}/u;
const SPLIT = new RegExp(`(${LONG.source})`, 'u');

/** Whether a word of the text is wider than a line. */
export function hasLongWord(text: string): boolean {
  return text.length > MOST_LETTERS && LONG.test(text);
}

/**
 * A text with the places where long words may be broken, so that they stay on the page. No
 * character is added: what is copied out of the document is what was written.
 */
export function breakable(text: string): Inline[] {
  if (!hasLongWord(text)) return [text];
  return text.split(SPLIT).flatMap((part, i): Inline[] => {
    if (i % 2 === 0) return part === '' ? [] : [part];
    if (part.length <= MOST_BREAKABLE) return [pieces(part, PIECE_LETTERS)];
    return pieces(part, LINE_LETTERS).flatMap((line): Inline[] => [line, { t: 'br' }]);
  });
}

/** Code with the lines broken that are wide beyond reason. */
export function wrapped(code: string): string {
  if (!hasLongWord(code)) return code;
  return code
    .split(SPLIT)
    .map((part, i) =>
      i % 2 === 0 || part.length <= MOST_BREAKABLE ? part : pieces(part, LINE_LETTERS).join('\n'),
    )
    .join('');
}

/** Cut between graphemes. Looking at a whole text at once would take the segmenter seconds. */
function pieces(word: string, letters: number): string[] {
  const segmenter = new Intl.Segmenter();
  const parts: string[] = [];
  for (let at = 0; at < word.length;) {
    const window = word.slice(at, at + letters * 4);
    const segments = [...segmenter.segment(window)];
    const end = segments[letters]?.index ?? window.length;
    parts.push(word.slice(at, at + end));
    at += end;
  }
  return parts;
}
