import type { TextRange } from '@chat/shared-types';

/** A piece of a text, marked or not. */
export interface TextPiece {
  text: string;
  marked: boolean;
}

/**
 * Cuts a text at the ends of its marked ranges. Joined again, the pieces are the text.
 *
 * @param ranges in UTF-16 code units, sorted; what lies outside of the text, or overlaps what was
 * marked before, is left out.
 */
export function highlightPieces(text: string, ranges: readonly TextRange[]): TextPiece[] {
  const pieces: TextPiece[] = [];
  let from = 0;
  for (const [start, end] of ranges) {
    if (start < from || end <= start || end > text.length) continue;
    if (start > from) pieces.push({ text: text.slice(from, start), marked: false });
    pieces.push({ text: text.slice(start, end), marked: true });
    from = end;
  }
  if (from < text.length) pieces.push({ text: text.slice(from), marked: false });
  return pieces;
}

/** The texts that are marked, each once: what is to be found again in the whole message. */
export function markedTexts(text: string, ranges: readonly TextRange[]): string[] {
  const marked = highlightPieces(text, ranges).filter((piece) => piece.marked);
  return [...new Set(marked.map((piece) => piece.text))];
}
