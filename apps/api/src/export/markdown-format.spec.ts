import { closed } from './markdown-format.js';

describe('Markdown of a message', () => {
  it.each([
    ['a fence', '```js\nlet a;', '```js\nlet a;\n```'],
    ['a fence of tildes', '~~~~\nx\n~~~\n', '~~~~\nx\n~~~\n~~~~'],
    ['an empty fence', 'text\n\n```', 'text\n\n```\n```'],
    ['a fence that begins again', '```\na\n```\n\n```\nb', '```\na\n```\n\n```\nb\n```'],
    ['a comment', 'x\n\n<!-- open', 'x\n\n<!-- open\n-->'],
    ['a script', '<script>\n\nlet a;', '<script>\n\nlet a;\n</script>'],
    ['preformatted HTML', '<pre>\n\na', '<pre>\n\na\n</pre>'],
    ['an instruction', '<?php echo', '<?php echo\n?>'],
    ['a declaration', '<!DOCTYPE x', '<!DOCTYPE x\n>'],
    ['a section', '<![CDATA[ x', '<![CDATA[ x\n]]>'],
  ])('is closed where it leaves %s open', (_, markdown, expected) => {
    expect(closed(markdown)).toBe(expected);
  });

  it.each([
    'plain',
    '```js\nlet a;\n```',
    '```js\nlet a;\n```\n',
    '````\n```\n````',
    '<!-- closed -->',
    '<pre>a</pre>',
    '<div>\nopen',
    '> ```\n> in a quote',
    '- ```\n  in a list',
    'text `<!--` text',
    '```\nfirst\n```\n\nlast <b>',
  ])('stays as it is where nothing is open: %j', (markdown) => {
    expect(closed(markdown)).toBe(markdown);
  });

  it.each([
    ['brackets in brackets', `${'['.repeat(90_000)}\n\n\`\`\`\nopen`],
    ['lines below deep quotes', `${'> '.repeat(500)}${'a\n'.repeat(49_000)}\n\`\`\`\nopen`],
  ])('is closed below %s as well', (_, markdown) => {
    expect(closed(markdown)).toBe(`${markdown}\n\`\`\``);
  });
});
