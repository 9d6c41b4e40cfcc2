import { readFileSync } from 'node:fs';

/** How many tests of a run passed and how many did not. */
export interface TestCount {
  passed: number;
  failed: number;
}

/** What Jest and Vitest write with their JSON reporters. */
interface JestReport {
  numPassedTests: number;
  numFailedTests: number;
  /** Files that could not be run at all; Jest counts no test in them. */
  numRuntimeErrorTestSuites?: number;
}

/** What Playwright writes with its JSON reporter. */
interface PlaywrightReport {
  stats: { expected: number; unexpected: number; flaky: number; skipped: number };
  /** Errors outside of any test, such as a server that did not start. */
  errors: unknown[];
}

/**
 * The count in a report file of Jest, Vitest or Playwright. What passed only on a second try, and
 * what was skipped, has not passed.
 *
 * @throws where the file is missing or is none of these reports.
 */
export function countTests(reportFile: string): TestCount {
  const report = JSON.parse(readFileSync(reportFile, 'utf8')) as unknown;
  if (isJestReport(report)) {
    return {
      passed: report.numPassedTests,
      failed: report.numFailedTests + (report.numRuntimeErrorTestSuites ?? 0),
    };
  }
  if (isPlaywrightReport(report)) {
    const { expected, unexpected, flaky, skipped } = report.stats;
    return { passed: expected, failed: unexpected + flaky + skipped + report.errors.length };
  }
  throw new Error(`${reportFile} is no report of Jest, Vitest or Playwright.`);
}

export function sumCounts(counts: readonly TestCount[]): TestCount {
  return counts.reduce(
    (sum, count) => ({ passed: sum.passed + count.passed, failed: sum.failed + count.failed }),
    { passed: 0, failed: 0 },
  );
}

function isJestReport(report: unknown): report is JestReport {
  return isObject(report) && 'numPassedTests' in report && 'numFailedTests' in report;
}

function isPlaywrightReport(report: unknown): report is PlaywrightReport {
  return isObject(report) && isObject(report.stats) && Array.isArray(report.errors);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
