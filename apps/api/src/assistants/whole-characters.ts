const HIGH_SURROGATE_AT_END = /[\uD800-\uDBFF]$/;

/**
 * Joins what a provider cut inside a character: half a surrogate pair waits for the next piece. A
 * half that stays alone becomes U+FFFD, as it would the first time it is written as UTF-8, so that
 * what is streamed and what is stored are the same.
 */
export class WholeCharacters {
  private half = '';

  /** What can be passed on of a piece; possibly nothing. */
  take(piece: string): string {
    const text = this.half + piece;
    this.half = HIGH_SURROGATE_AT_END.exec(text)?.[0] ?? '';
    return wellFormed(this.half === '' ? text : text.slice(0, -1));
  }

  /** What was still waiting at the end. */
  end(): string {
    const rest = this.half;
    this.half = '';
    return wellFormed(rest);
  }
}

function wellFormed(text: string): string {
  return text.replaceAll(/\p{Surrogate}/gu, '\uFFFD');
}
