/** Highlighted code: text, and text that has a meaning. */
export type CodePiece = string | CodeScope;

export interface CodeScope {
  /** Names from the grammars (`keyword`, `title.function`), not from the code. */
  scope: string;
  children: CodePiece[];
}

/**
 * Collects what the highlighter finds as plain data instead of HTML, so that no markup that was made
 * from untrusted code is ever parsed. It has the members that highlight.js calls.
 */
export class CodeTreeEmitter {
  readonly root: CodeScope = { scope: '', children: [] };
  private readonly stack: CodeScope[] = [this.root];

  addText(text: string): void {
    if (text !== '') this.top.children.push(text);
  }

  startScope(scope: string): void {
    const opened: CodeScope = { scope, children: [] };
    this.top.children.push(opened);
    this.stack.push(opened);
  }

  endScope(): void {
    if (this.stack.length > 1) this.stack.pop();
  }

  openNode(scope: string): void {
    this.startScope(scope);
  }

  closeNode(): void {
    this.endScope();
  }

  __addSublanguage(other: CodeTreeEmitter): void {
    this.top.children.push(...other.root.children);
  }

  finalize(): void {
    this.stack.length = 1;
  }

  /** The highlighter asks for HTML in any case; nobody uses it. */
  toHTML(): string {
    return '';
  }

  private get top(): CodeScope {
    return this.stack.at(-1) ?? this.root;
  }
}
