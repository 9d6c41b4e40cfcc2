/**
 * Fails when the page's first load outgrows its budget: everything that `index.html` names, and
 * what those files import statically, gzipped. Chunks loaded later do not count.
 *
 * Fails too when an open chat, the route that is loaded next, comes with a part that is to be fetched
 * only when a message needs it.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { firstLoadFiles, gzippedSize, withStaticImports } from './first-load.js';
import { misplacedParts, SEPARATE_PARTS } from './separate-parts.js';

const BUDGET_KB = { js: 120, css: 15 } as const;

const dist = join(process.cwd(), 'apps/chat-ui/dist');
const read = (file: string): string => readFileSync(join(dist, file), 'utf8');
const files = firstLoadFiles(read('index.html'), read);

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

const scripts = readdirSync(join(dist, 'assets'))
  .filter((file) => file.endsWith('.js'))
  .map((file) => `assets/${file}`);
const chatRoute = scripts.filter((file) => /\/ChatView-[^/]+\.js$/.test(file));
const early = withStaticImports([...files, ...chatRoute], read).filter((file) =>
  file.endsWith('.js'),
);
const withText = (names: readonly string[]): Map<string, string> =>
  new Map(names.map((file) => [file, read(file)]));
const complaints = misplacedParts(SEPARATE_PARTS, withText(early), withText(scripts));
if (chatRoute.length === 0) complaints.push('The route of an open chat is not a chunk of its own.');

const earlySize = early.reduce((sum, file) => sum + gzippedSize(readFileSync(join(dist, file))), 0);
process.stdout.write(`an open chat, js: ${(earlySize / 1000).toFixed(1)} kB gzipped\n`);
for (const complaint of complaints) process.stdout.write(`${complaint}\n`);
if (complaints.length > 0) process.exitCode = 1;
