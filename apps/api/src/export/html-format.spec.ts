import type { StoredMessage } from '../messages/message.schema.js';
import type { StoredSession } from '../sessions/session.schema.js';
import { LIMITS } from '@chat/shared-types';
import { toHtml } from './html-format.js';

const MOST = LIMITS.messageContent.max;
/** Many times what one of them takes, and a fraction of what they took without limits. */
const PATIENCE_MS = 1_500;

const filled = (text: string, length: number): string =>
  text.repeat(Math.ceil(length / text.length)).slice(0, length);

async function* turnsOf(content: string) {
  await Promise.resolve();
  yield {
    number: 1,
    message: {
      role: 'user',
      model: null,
      content,
      created_at: new Date(0),
      edited_at: null,
      status: 'complete',
    } as StoredMessage,
    parentId: null,
    version: null,
  };
}

/** What the file shows of one message. */
async function contentOf(content: string): Promise<string> {
  const session = { title: 't', created_at: new Date(0), system_prompt: null } as StoredSession;
  let html = '';
  for await (const part of toHtml({ session, turns: turnsOf(content) })) html += part;
  return /<div class="content">\n([^]*)<\/div>\n<\/article>/.exec(html)?.[1] ?? '';
}

function processorMs(since?: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(since);
  return (user + system) / 1_000;
}

describe('HTML of a message', () => {
  it('shows references, tables and code with what stands in them', async () => {
    const html = await contentOf(
      'See [there][1] and *that*.\n\n| a | `b` |\n|---|---|\n| **1** | 2 |\n\n```js\nlet a = 1;\n```\n\n[1]: https://example.org "Title"',
    );
    expect(html).toBe(
      '<p dir="auto">See <a href="https://example.org" title="Title" rel="noopener noreferrer">there</a> and <em>that</em>.</p>\n' +
        '<div class="table"><table dir="auto">\n<thead>\n<tr>\n<th>a</th>\n<th><code>b</code></th>\n</tr>\n</thead>\n<tbody>\n<tr>\n<td><strong>1</strong></td>\n<td>2</td>\n</tr>\n</tbody>\n</table></div>\n' +
        '<pre><code class="language-js"><span class="hljs-keyword">let</span> a = <span class="hljs-number">1</span>;\n</code></pre>\n',
    );
  });

  const wide = `${filled('|a', 362)}|\n${filled('|-', 362)}|\n${filled('a\n', 724)}\n`;
  it.each([
    ['links that never end', filled('[', MOST)],
    ['links in links', filled('[a][b', MOST)],
    ['tables whose rows are short', filled(wide, MOST)],
    ['lines below deep quotes', `${'> '.repeat(500)}${filled('a\n', MOST - 1_000)}`],
    ['a long word of code', `\`\`\`java\n${filled('a', 49_000)}\n\`\`\``],
    ['a long row of words of code', `\`\`\`csharp\n${filled('foo bar ', 49_000)}\n\`\`\``],
    ['prompts in each other', `\`\`\`console\n${filled('${${${${${${ \n', 20_000)}\n\`\`\``],
    ['a list of nothing', filled('-\n', MOST)],
  ])('takes no longer for %s, and loses nothing of it', async (_, content) => {
    await contentOf('```js\nlet first;\n```');
    const before = process.cpuUsage();
    const html = await contentOf(content);
    expect(processorMs(before)).toBeLessThan(PATIENCE_MS);
    const code = /^```\w+\n([^]*)\n```$/.exec(content)?.[1] ?? content;
    expect(html.replaceAll('&gt;', '>')).toContain(code.trim());
  });

  it('shows what is nested deeper than the parser follows', async () => {
    expect(await contentOf(`${'> '.repeat(1_500)}deep down`)).toContain('deep down');
  });

  it('lets others have their turn within a long message', async () => {
    const paragraph = `${filled('[a](https://example.org) *b* `c` ', 5_000)}\n\n`;
    let turns = 0;
    let isWatching = true;
    const count = (): void => {
      turns += 1;
      if (isWatching) setImmediate(count);
    };
    setImmediate(count);
    const before = process.cpuUsage();
    await contentOf(filled(paragraph, MOST));
    isWatching = false;
    // A slice lasts 20 ms and what was begun in it; two more turns belong to the end.
    expect(turns - 2).toBeGreaterThan(processorMs(before) / 200);
  });
});
