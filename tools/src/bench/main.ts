/**
 * `npm run bench`: starts the built product and what it is compared with, measures both in the
 * same minutes, and prints each figure beside its bar. Exits non-zero when a bar is missed.
 *
 * `npm run bench -- process http page replies stream search pdf transfer` names the parts to run; all of them when none is named.
 */
import { startProduct } from '@chat/product-harness';
import { startBareServer } from './bare-server.js';
import { measureHttp } from './http.js';
import { measureImport } from './import.js';
import { measurePage } from './page.js';
import { measurePdf } from './pdf.js';
import { measureProcess } from './process.js';
import { measureReplies } from './replies.js';
import { holds, toTable, type Measurement } from './report.js';
import { measureSearch } from './search.js';
import { databaseUri, seed } from './seed.js';
import { measureStreamedPage } from './streamed-page.js';
import { measureExport } from './transfer.js';

const PARTS = [
  'process',
  'http',
  'page',
  'replies',
  'stream',
  'search',
  'pdf',
  'transfer',
] as const;
type Part = (typeof PARTS)[number];

const SEED = { sessions: 1_000, messages: 10_000 } as const;

const named = process.argv.slice(2);
const unknown = named.filter((part) => !(PARTS as readonly string[]).includes(part));
if (unknown.length > 0) {
  process.stderr.write(`No such part: ${unknown.join(', ')}. There are ${PARTS.join(', ')}.\n`);
  process.exit(2);
}
const wanted = (part: Part): boolean => named.length === 0 || named.includes(part);

const root = process.cwd();
const measurements: Measurement[] = [];

if (wanted('process')) measurements.push(...(await measureProcess(root)));
if (wanted('http') || wanted('page')) {
  const product = await startProduct(root, { env: { NODE_ENV: 'production', DEMO_USERS: 'true' } });
  try {
    process.stderr.write('Preparing 1,000 sessions and 10,000 messages …\n');
    const data = await seed(product, SEED);
    if (wanted('http')) {
      process.stderr.write('Measuring HTTP …\n');
      const bare = await startBareServer(await databaseUri(product), data.longSession.user_id);
      measurements.push(...(await measureHttp(product, bare, data)));
      await bare.stop();
    }
    if (wanted('page')) {
      process.stderr.write('Measuring the page …\n');
      measurements.push(...(await measurePage(product, data)));
    }
  } finally {
    await product.stop();
  }
}
if (wanted('replies')) {
  process.stderr.write('Measuring replies …\n');
  measurements.push(...(await measureReplies(root)));
}
if (wanted('stream')) {
  process.stderr.write('Measuring a streamed answer in the page …\n');
  measurements.push(...(await measureStreamedPage(root)));
}
if (wanted('search')) {
  process.stderr.write('Preparing many users with many messages, then searching …\n');
  measurements.push(...(await measureSearch(root)));
}
if (wanted('pdf')) {
  process.stderr.write('Making a PDF …\n');
  measurements.push(...(await measurePdf(root)));
}
if (wanted('transfer')) {
  process.stderr.write('Preparing what is exported, then exporting it …\n');
  measurements.push(...(await measureExport(root)));
  process.stderr.write('Importing …\n');
  measurements.push(...(await measureImport(root)));
}

process.stdout.write(`\n${toTable(measurements)}\n`);
process.exitCode = measurements.every(holds) ? 0 : 1;
