import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(__dirname, '../../..');

describe('the pictures of the README', () => {
  it('are those that are taken for it, each with words for who cannot see it', () => {
    const readme = readFileSync(join(ROOT, 'README.md'), 'utf8');
    const shown = [...readme.matchAll(/!\[([^\]]*)\]\(docs\/pictures\/([^)]+)\)/g)];
    const taken = readdirSync(join(ROOT, 'docs/pictures'));
    expect(shown.map(([, , file]) => file).sort()).toEqual(taken.sort());
    for (const [, words] of shown) expect(words).toMatch(/\w+ \w+/);
  });
});
