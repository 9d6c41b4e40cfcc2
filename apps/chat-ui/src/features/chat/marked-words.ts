/** Elements within a line, of those that a message is made of. */
const INLINE: ReadonlySet<string> = new Set([
  'a',
  'b',
  'code',
  'del',
  'em',
  'i',
  's',
  'span',
  'strong',
  'sub',
  'sup',
]);

/** What `::highlight(…)` in MessageList.vue gives its colours. */
const NAME = 'found-words';

/** Letters that belong to the same word; in scripts without spaces each stands for itself. */
const LETTER = String.raw`[\p{L}\p{M}\p{N}]`;
const UNSPACED = /[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Hangul}\p{sc=Thai}]/u;

/**
 * Marks words in a part of the page, without a change of its elements: the text may be drawn anew
 * at any time. Browsers without the CSS Custom Highlight API mark nothing.
 */
export function markWords(root: Element, words: readonly string[]): void {
  if (!('highlights' in CSS)) return;
  unmarkWords();
  const ranges = rangesOf(root, words);
  if (ranges.length > 0) CSS.highlights.set(NAME, new Highlight(...ranges));
}

export function unmarkWords(): void {
  if ('highlights' in CSS) CSS.highlights.delete(NAME);
}

/** Where the words begin in the text of an element, across the elements in it. */
export function rangesOf(root: Element, words: readonly string[]): Range[] {
  const pattern = patternOf(words);
  if (!pattern) return [];
  const nodes: { node: Text; start: number }[] = [];
  let text = '';
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  let block: Element | null = null;
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const own = blockOf(node as Text);
    // Where one paragraph ends and another begins there is no space in the text.
    if (own !== block) text += '\n';
    block = own;
    nodes.push({ node: node as Text, start: text.length });
    text += (node as Text).data;
  }
  const at = (offset: number): [Text, number] | undefined => {
    const found = nodes.findLast(({ start }) => start <= offset);
    return found && [found.node, offset - found.start];
  };
  return [...text.matchAll(pattern)].flatMap(({ 0: found, index }) => {
    const first = at(index);
    const last = at(index + found.length - 1);
    if (!first || !last) return [];
    const range = document.createRange();
    range.setStart(...first);
    range.setEnd(last[0], last[1] + 1);
    return [range];
  });
}

/** The innermost element around a text that is not a part of a line. */
function blockOf(node: Text): Element | null {
  let element = node.parentElement;
  while (element && INLINE.has(element.localName)) element = element.parentElement;
  return element;
}

/** The words as they stand in the text, in letters of either case, at the beginning of a word. */
function patternOf(words: readonly string[]): RegExp | undefined {
  const parts = words
    .filter((word) => word !== '')
    .sort((a, b) => b.length - a.length)
    .map((word) => {
      const literal = word.replaceAll(/[\\^$.*+?()[\]{}|/]/g, String.raw`\$&`);
      return UNSPACED.test(word) ? literal : `(?<!${LETTER})${literal}`;
    });
  return parts.length === 0 ? undefined : new RegExp(parts.join('|'), 'giu');
}
