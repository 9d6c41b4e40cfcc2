import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { startProduct, type RunningProduct } from '@chat/product-harness';
import { differences, readTour } from './tour.js';

const WORKSPACE_ROOT = resolve(__dirname, '../../..');
const HEADING = 'A tour with curl';
const SEPARATOR = '----- next step -----';

describe('comparing with what the README shows', () => {
  it('takes … for any text and nothing else', () => {
    expect(differences({ _id: '…' }, { _id: 'abc' })).toEqual([]);
    expect(differences({ _id: '…' }, { _id: 7 })).toEqual(['/_id is no text']);
  });

  it('names what is different, missing and too much', () => {
    expect(differences([{ a: 1, b: null }], [{ a: 2, c: 3 }])).toEqual([
      '/0/a is 2, not 1',
      '/0/b is undefined, not null',
      '/0/c is 3, not undefined',
    ]);
  });
});

describe('the tour in the README', () => {
  let product: RunningProduct;
  let folder: string;

  beforeAll(async () => {
    product = await startProduct(WORKSPACE_ROOT);
    folder = await mkdtemp(join(tmpdir(), 'tour-'));
  });
  afterAll(async () => {
    await product.stop();
    await rm(folder, { recursive: true });
  });

  it('gives what it shows when it is run as written', async () => {
    const readme = await readFile(join(WORKSPACE_ROOT, 'README.md'), 'utf8');
    const steps = readTour(readme, HEADING);
    // One shell for all of it, as its reader has; only the port is another.
    const script = steps
      .map((step) => step.script)
      .join(`\necho "${SEPARATOR}"\n`)
      .replaceAll('http://localhost:8000', product.url);
    const { stdout } = await promisify(execFile)('bash', ['-e', '-o', 'pipefail', '-c', script], {
      cwd: folder,
    });
    const outputs = stdout.split(SEPARATOR);

    expect(steps.filter((step) => step.shown !== undefined).length).toBeGreaterThanOrEqual(4);
    steps.forEach((step, i) => {
      if (step.shown === undefined) return;
      expect(differences(step.shown, JSON.parse(outputs[i] ?? ''))).toEqual([]);
    });
    expect(outputs.at(-1)?.trim()).toMatch(/\}Renamed$/);
  });
});
