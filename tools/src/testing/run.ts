/**
 * `npm test`: every test of every project, then what failed and why, then one line with the count.
 *
 * Nx runs the targets `test` (Jest, Vitest), `e2e` (the browser) and `e2e-timed` (the browser,
 * where a test sets people's waiting against a limit: alone on the machine) and caches what did not
 * change; each target leaves its report in `test-results/<target>.json` of its project, which the
 * cache keeps too, so the count is of all tests and not only of those that ran anew.
 *
 * Exits non-zero when a test failed, a report is missing, or no test ran.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { failuresIn, type FailureReport } from './failures.js';
import { countTests, sumCounts, type TestCount } from './reports.js';

const TEST_TARGETS = ['test', 'e2e', 'e2e-timed'] as const;

const root = process.cwd();
const reports = reportFiles();
for (const report of reports) rmSync(report, { force: true });

// One project at a time: the tests of the API and of the page each keep the machine busy, and a
// test of timing must not lose to a neighbour.
const run = spawnSync(
  process.execPath,
  [
    join(root, 'node_modules/nx/dist/bin/nx.js'),
    'run-many',
    `--targets=${TEST_TARGETS.join(',')}`,
    '--parallel=1',
    '--outputStyle=static-failures-only',
    ...process.argv.slice(2),
  ],
  { stdio: 'inherit' },
);

const { passed, failed } = sumCounts(reports.map(countOf));
const failures = reports.filter((report) => existsSync(report)).flatMap(failuresOf);
if (failures.length > 0) process.stdout.write(`\nWhat failed:\n\n${failures.join('\n\n')}\n`);
process.stdout.write(`\n${passed} passed, ${failed} failed\n`);
process.exitCode = run.status === 0 && failed === 0 && passed > 0 ? 0 : 1;

/** The report of every project that has tests. */
function reportFiles(): string[] {
  const folders = ['libs', 'apps'].flatMap((parent) =>
    readdirSync(join(root, parent)).map((child) => join(root, parent, child)),
  );
  return [...folders, join(root, 'tools')].flatMap((folder) => {
    const project = join(folder, 'project.json');
    if (!existsSync(project)) return [];
    const { targets } = JSON.parse(readFileSync(project, 'utf8')) as { targets: object };
    return TEST_TARGETS.filter((target) => target in targets).map((target) =>
      join(folder, 'test-results', `${target}.json`),
    );
  });
}

function failuresOf(report: string): string[] {
  return failuresIn(JSON.parse(readFileSync(report, 'utf8')) as FailureReport);
}

/** A missing report is a failure: its runner ended before it could say anything. */
function countOf(report: string): TestCount {
  if (existsSync(report)) return countTests(report);
  process.stderr.write(`No report at ${report}: its tests did not run to the end.\n`);
  return { passed: 0, failed: 1 };
}
