/** As wide as a line can be without running out of the page, with room for wide letters. */
const MOST_LETTERS = 40;
const PIECE_LETTERS = 20;
/** Runs that offer no place for a line break; East Asian text may be broken nearly anywhere. */
const LONG = /[^\s\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]{41,}/u;
const SPLIT = /([^\s\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]{41,})/u;

/** Whether a word of the text is wider than a page. */
export function hasLongWord(text: string): boolean {
  return text.length > MOST_LETTERS && LONG.test(text);
}

/**
 * A text as pieces between which a line may be broken, so that long words stay on the page. No
 * character is added: what is copied out of the document is what was written.
 */
export function breakable(text: string): string | string[] {
  if (!hasLongWord(text)) return text;
  return text.split(SPLIT).flatMap((part, i) => (i % 2 === 0 ? [part] : pieces(part)));
}

function pieces(word: string): string[] {
  const parts: string[] = [];
  let part = '';
  let letters = 0;
  for (const { segment } of new Intl.Segmenter().segment(word)) {
    part += segment;
    letters += 1;
    if (letters < PIECE_LETTERS) continue;
    parts.push(part);
    part = '';
    letters = 0;
  }
  return part === '' ? parts : [...parts, part];
}
