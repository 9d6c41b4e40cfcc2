import type { Token } from 'markdown-it';

/** Walks a flat list of tokens that open and close each other. */
export class TokenCursor {
  private at = 0;

  constructor(private readonly tokens: readonly Token[]) {}

  /** The next token, or undefined at the end. */
  next(): Token | undefined {
    const token = this.tokens[this.at];
    this.at += 1;
    return token;
  }

  /**
   * Reads what stands inside the token that was opened last, its closing token included.
   *
   * @param read is called before each token inside; it must take it from the cursor.
   */
  inside<T>(read: () => T | undefined): T[] {
    const found: T[] = [];
    while (this.at < this.tokens.length) {
      if (this.tokens[this.at]?.nesting === -1) {
        this.at += 1;
        break;
      }
      const one = read();
      if (one !== undefined) found.push(one);
    }
    return found;
  }

  /** Reads everything that is left. */
  rest<T>(read: () => T | undefined): T[] {
    const found: T[] = [];
    while (this.at < this.tokens.length) {
      const one = read();
      if (one !== undefined) found.push(one);
    }
    return found;
  }
}
