/**
 * A text that only grows, in pieces: appending costs what is appended, and reading from an offset
 * what is read, also where it has a million characters. Offsets and lengths are counted in UTF-16
 * code units, as those of JavaScript strings.
 *
 * It is well-formed at every moment: half of a surrogate pair waits for the other half, so no reader
 * and no database ever gets one alone.
 */
export class GrowingText {
  private readonly pieces: string[] = [];
  /** Where each piece ends. */
  private readonly ends: number[] = [];
  private half = '';

  constructor(text = '') {
    this.push(text);
  }

  get length(): number {
    return this.ends.at(-1) ?? 0;
  }

  /** @returns how many code units became readable. */
  append(text: string): number {
    const before = this.length;
    const all = this.half + text;
    const cut = endsInHighSurrogate(all) ? all.length - 1 : all.length;
    this.half = all.slice(cut);
    this.push(wellFormed(all.slice(0, cut)));
    return this.length - before;
  }

  /** Nothing follows: half a pair that still waits becomes the replacement character. */
  complete(): void {
    const { half } = this;
    this.half = '';
    this.push(wellFormed(half));
  }

  /**
   * What is there from an offset on, at most `limit` code units, never half a surrogate pair at its
   * end. The offset must be on a boundary of characters.
   */
  from(offset: number, limit = Number.POSITIVE_INFINITY): string {
    if (offset >= this.length) return '';
    let index = this.pieceAt(offset);
    const start = this.ends[index - 1] ?? 0;
    let text = (this.pieces[index] ?? '').slice(offset - start);
    for (index += 1; index < this.pieces.length && text.length < limit; index += 1) {
      text += this.pieces[index] ?? '';
    }
    if (text.length <= limit) return text;
    const cut = text.slice(0, limit);
    return endsInHighSurrogate(cut) ? cut.slice(0, -1) : cut;
  }

  toString(): string {
    return this.pieces.join('');
  }

  /** Whether an offset lies between two characters, and not beyond the end. */
  isBoundary(offset: number): boolean {
    if (offset < 0 || offset > this.length) return false;
    if (offset === 0 || offset === this.length) return true;
    const code = this.from(offset, 2).charCodeAt(0);
    return code < 0xdc00 || code > 0xdfff;
  }

  private push(text: string): void {
    if (text === '') return;
    this.pieces.push(text);
    this.ends.push(this.length + text.length);
  }

  /** The index of the piece that holds the code unit at this offset. */
  private pieceAt(offset: number): number {
    let low = 0;
    let high = this.ends.length - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.ends[middle] ?? 0) > offset) high = middle;
      else low = middle + 1;
    }
    return low;
  }
}

/** With `u`, a pair is one character, so what matches stands alone. */
function wellFormed(text: string): string {
  return text.replaceAll(/\p{Surrogate}/gu, '\ufffd');
}

function endsInHighSurrogate(text: string): boolean {
  const code = text.charCodeAt(text.length - 1);
  return code >= 0xd800 && code <= 0xdbff;
}
