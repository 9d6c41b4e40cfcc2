/**
 * Fails when the page's first load outgrows its budget: everything that `index.html` names, and
 * what those files import statically, gzipped. Chunks loaded later do not count.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { firstLoadFiles, gzippedSize } from './first-load.js';

const BUDGET_KB = { js: 120, css: 15 } as const;

const dist = join(process.cwd(), 'apps/chat-ui/dist');
const files = firstLoadFiles(readFileSync(join(dist, 'index.html'), 'utf8'), (file) =>
  readFileSync(join(dist, file), 'utf8'),
);

for (const kind of ['js', 'css'] as const) {
  const size = files
    .filter((file) => file.endsWith(`.${kind}`))
    .reduce((sum, file) => sum + gzippedSize(readFileSync(join(dist, file))), 0);
  const kb = size / 1000;
  const verdict = kb <= BUDGET_KB[kind] ? 'within' : 'OVER';
  process.stdout.write(
    `first load, ${kind}: ${kb.toFixed(1)} kB gzipped, ${verdict} ${BUDGET_KB[kind]} kB\n`,
  );
  if (kb > BUDGET_KB[kind]) process.exitCode = 1;
}
