import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { countTests, sumCounts } from './reports.js';

describe('counting tests', () => {
  let folder: string;
  const report = (content: unknown): string => {
    const file = join(folder, 'report.json');
    writeFileSync(file, JSON.stringify(content));
    return file;
  };

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'reports-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('counts a file that Jest could not run as a failure', () => {
    const file = report({ numPassedTests: 3, numFailedTests: 1, numRuntimeErrorTestSuites: 1 });
    expect(countTests(file)).toEqual({ passed: 3, failed: 2 });
  });

  it('counts as failed what passed on a retry, was skipped, or broke outside of a test', () => {
    const stats = { expected: 5, unexpected: 1, flaky: 1, skipped: 1 };
    expect(countTests(report({ stats, errors: ['no server'] }))).toEqual({ passed: 5, failed: 4 });
  });

  it('refuses a file that is no report', () => {
    expect(() => countTests(report({ tests: 7 }))).toThrow(/no report/);
  });

  it('adds up the projects', () => {
    const counts = [
      { passed: 1, failed: 0 },
      { passed: 2, failed: 3 },
    ];
    expect(sumCounts(counts)).toEqual({ passed: 3, failed: 3 });
  });
});
