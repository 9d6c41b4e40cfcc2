import { misplacedParts } from './separate-parts.js';

const PARTS = [{ name: 'KaTeX', mark: 'KaTeX parse error' }];
const file = (name: string, text: string): Map<string, string> => new Map([[name, text]]);

describe('a part that is fetched when it is needed', () => {
  const katex = file('assets/katex-a1.js', 'throw"KaTeX parse error: "+x');
  const page = file('assets/index-b2.js', 'import("./katex-a1.js")');

  it('is in place in a file of its own', () => {
    expect(misplacedParts(PARTS, page, new Map([...page, ...katex]))).toEqual([]);
  });

  it('is misplaced in a file that an open chat needs', () => {
    expect(misplacedParts(PARTS, katex, katex)).toEqual([
      'KaTeX: loaded too early, in assets/katex-a1.js.',
    ]);
  });

  it('is missed where no file has its mark', () => {
    expect(misplacedParts(PARTS, page, page)).toEqual([
      'KaTeX: in no file; its mark "KaTeX parse error" no longer fits.',
    ]);
  });
});
