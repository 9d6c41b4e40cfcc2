import { RIGHT_TO_LEFT } from './letters.js';
import type { ShownGlyph } from './shown-glyphs.js';

/** Letters that are drawn together, as few as can be told apart: a base with its marks, a ligature. */
export interface Cluster {
  /** In the order in which they are drawn. */
  readonly glyphs: readonly ShownGlyph[];
  readonly text: string;
}

interface Open {
  glyphs: ShownGlyph[];
  text: string;
  /** Of the last glyph's own cluster. */
  last: string;
  rtl: boolean;
}

export function clustersOf(glyphs: readonly ShownGlyph[]): Cluster[] {
  const found: Open[] = [];
  /** Marks stand before the letter that carries them where text runs from right to left. */
  let waiting: ShownGlyph[] = [];
  let current: Open | undefined;
  const leave = (): void => {
    for (const glyph of waiting) found.push(open([glyph], glyph.text));
    waiting = [];
    current = undefined;
  };
  for (const glyph of glyphs) {
    if (glyph.font === undefined) {
      leave();
      continue;
    }
    if (current !== undefined && belongs(glyph, current)) {
      current.glyphs.push(glyph);
      if (glyph.text !== current.last) current.text += glyph.text;
      current.last = glyph.text;
    } else if (glyph.width === 0) {
      if (waiting.some((one) => !isNear(one, glyph))) leave();
      waiting.push(glyph);
    } else {
      const rtl = isRightToLeft(glyph.text);
      const isWith = (one: ShownGlyph): boolean =>
        goTogether(one, glyph) && (rtl || one.text === glyph.text);
      if (!waiting.every(isWith)) leave();
      current = open([...waiting, glyph], together([glyph, ...waiting.toReversed()]));
      current.last = glyph.text;
      waiting = [];
      found.push(current);
    }
  }
  leave();
  return found;
}

function open(glyphs: ShownGlyph[], text: string): Open {
  return { glyphs, text, last: text, rtl: isRightToLeft(text) };
}

/** What the glyphs say, each cluster once. */
function together(glyphs: readonly ShownGlyph[]): string {
  return glyphs.map(({ text }, i) => (glyphs[i - 1]?.text === text ? '' : text)).join('');
}

function belongs(glyph: ShownGlyph, to: Open): boolean {
  const before = to.glyphs.at(-1);
  if (before === undefined || !goTogether(glyph, before)) return false;
  if (glyph.span !== undefined && glyph.span === before.span) return true;
  if (to.rtl || isRightToLeft(glyph.text)) return false;
  if (glyph.width === 0) return true;
  // Behind a mark at another height: the rest of the cluster, or the same one once more.
  return glyph.text === to.last && before.width === 0 && glyph.glyph !== to.glyphs[0]?.glyph;
}

/** Joiners and other format characters: the fonts have blank glyphs for them. */
export function isFormless({ width, text }: ShownGlyph): boolean {
  return width === 0 && /^\p{Cf}+$/u.test(text);
}

function goTogether(one: ShownGlyph, other: ShownGlyph): boolean {
  return isNear(one, other) && (one.font === other.font || isFormless(one));
}

/** On the same line, though a mark may stand higher or lower. */
function isNear(one: ShownGlyph, other: ShownGlyph): boolean {
  const size = Math.max(one.size, other.size);
  const [x, y] = [one.place[4] - other.place[4], one.place[5] - other.place[5]];
  return Math.abs(y) < size * 0.9 && Math.abs(x) < size * 3;
}

function isRightToLeft(text: string): boolean {
  const [first = ''] = text.replace(/^\p{Cf}+/u, '');
  return RIGHT_TO_LEFT.test(first);
}
