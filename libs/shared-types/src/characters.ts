/** How long a text may be, in characters. */
export interface TextLimits {
  /** 0 when absent. */
  readonly min?: number;
  readonly max: number;
}

const FIRST_HIGH_SURROGATE = 0xd800;
const FIRST_LOW_SURROGATE = 0xdc00;
const BEHIND_LOW_SURROGATES = 0xe000;

/**
 * The index of the code unit behind the first `characters` characters of a text; its length where it
 * has no more than these.
 */
export function indexBehind(text: string, characters: number): number {
  // A text never has more characters than code units, and most are far from any limit.
  if (text.length <= characters) return text.length;
  let index = 0;
  for (let left = characters; left > 0 && index < text.length; left -= 1) {
    index += isPairAt(text, index) ? 2 : 1;
  }
  return index;
}

/** How many characters a text has; half of a surrogate pair counts as one. */
export function countCharacters(text: string): number {
  let count = 0;
  for (let index = 0; index < text.length; count += 1) index += isPairAt(text, index) ? 2 : 1;
  return count;
}

/** Whether a text is as long as the limits ask for. */
export function hasLength(text: string, { min = 0, max }: TextLimits): boolean {
  // At most two code units make a character, so both ends are mostly clear without counting.
  if (text.length < min || text.length > 2 * max) return false;
  return indexBehind(text, max) === text.length && (min <= 1 || countCharacters(text) >= min);
}

function isPairAt(text: string, index: number): boolean {
  const high = text.charCodeAt(index);
  if (high < FIRST_HIGH_SURROGATE || high >= FIRST_LOW_SURROGATE) return false;
  const low = text.charCodeAt(index + 1);
  return low >= FIRST_LOW_SURROGATE && low < BEHIND_LOW_SURROGATES;
}
