const LARGEST_CHUNK = 512;

/**
 * A sorted set of strings, compared by their characters. It is kept in chunks, so that adding stays
 * cheap among tens of thousands.
 */
export class SortedTexts {
  /** Never holds an empty chunk. */
  private readonly chunks: string[][] = [];

  add(text: string): void {
    const at = this.chunkOf(text);
    const chunk = this.chunks[at];
    if (!chunk) {
      this.chunks.push([text]);
      return;
    }
    const place = lowerBound(chunk, text);
    if (chunk[place] === text) return;
    chunk.splice(place, 0, text);
    if (chunk.length > LARGEST_CHUNK) {
      this.chunks.splice(at + 1, 0, chunk.splice(LARGEST_CHUNK >>> 1));
    }
  }

  /** @returns whether it was there */
  delete(text: string): boolean {
    const at = this.chunkOf(text);
    const chunk = this.chunks[at];
    const place = chunk ? lowerBound(chunk, text) : 0;
    if (chunk?.[place] !== text) return false;
    chunk.splice(place, 1);
    if (chunk.length === 0) this.chunks.splice(at, 1);
    return true;
  }

  has(text: string): boolean {
    const chunk = this.chunks[this.chunkOf(text)];
    return chunk?.[lowerBound(chunk, text)] === text;
  }

  *all(): Generator<string> {
    for (const chunk of this.chunks) yield* chunk;
  }

  /** Those from `from` (inclusive) to `to` (exclusive), in order. */
  *between(from: string, to: string): Generator<string> {
    for (let at = this.chunkOf(from); at < this.chunks.length; at++) {
      for (const text of this.chunks[at] ?? []) {
        if (text >= to) return;
        if (text >= from) yield text;
      }
    }
  }

  /** How many `between` gives. */
  countBetween(from: string, to: string): number {
    if (from >= to) return 0;
    const first = this.chunkOf(from);
    const last = this.chunkOf(to);
    let count = 0;
    for (let at = first; at <= last; at++) {
      const chunk = this.chunks[at] ?? [];
      const end = at === last ? lowerBound(chunk, to) : chunk.length;
      count += end - (at === first ? lowerBound(chunk, from) : 0);
    }
    return count;
  }

  /** The chunk that holds `text` or would take it in: the last that does not start above it. */
  private chunkOf(text: string): number {
    let low = 0;
    let high = this.chunks.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.chunks[middle]?.[0] ?? '') <= text) low = middle + 1;
      else high = middle;
    }
    return Math.max(0, low - 1);
  }
}

/** The index of the first element that is not below `wanted`. */
function lowerBound(sorted: readonly string[], wanted: string): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((sorted[middle] ?? '') < wanted) low = middle + 1;
    else high = middle;
  }
  return low;
}
