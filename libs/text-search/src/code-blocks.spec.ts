import { hasCodeBlock } from './code-blocks.js';

describe('a code block', () => {
  it.each(['```js\nx\n```', 'text\n\n~~~\nx', '- ```sh\n  ls', '> ```\n> x', '  ```\n'])(
    'is found in %j',
    (text) => {
      expect(hasCodeBlock(text)).toBe(true);
    },
  );

  it.each(['a `word` of code', 'no ``` at the start', '``two``', '~~gone~~', ''])(
    'is not found in %j',
    (text) => {
      expect(hasCodeBlock(text)).toBe(false);
    },
  );

  it('is looked for in no more time than the text is long', () => {
    const began = Date.now();
    for (const part of ['\n ', '\n>', '\n- ', ' ', '\n``']) {
      hasCodeBlock(part.repeat(50_000));
      hasCodeBlock(`\n${part.trim().repeat(50_000)}`);
    }
    expect(Date.now() - began).toBeLessThan(1_000);
  });
});
