import { stripVTControlCharacters } from 'node:util';

/** Lines of one failure that are told: its reason is at the top, the rest is its stack. */
const MOST_LINES = 25;

/** A file of tests as Jest and Vitest report it. */
interface JestFile {
  name: string;
  /** Why the file could not be run; of all its failures, where it could. */
  message?: string;
  status: string;
  assertionResults: { fullName: string; status: string; failureMessages?: string[] | null }[];
}

/** A file of tests, or a group in one, as Playwright reports it. */
interface PlaywrightSuite {
  suites?: PlaywrightSuite[];
  specs?: {
    title: string;
    file: string;
    line: number;
    ok: boolean;
    tests: { results: { errors?: { message?: string }[] }[] }[];
  }[];
}

/** What of the reports of Jest, Vitest and Playwright says why something failed. */
export interface FailureReport {
  testResults?: JestFile[];
  suites?: PlaywrightSuite[];
  errors?: { message?: string }[];
}

/**
 * Every failure of a report: where and what was tested, then the reason, without colours and cut
 * to its first {@link MOST_LINES} lines. So that a log of which only the end was kept still says
 * what is wrong.
 */
export function failuresIn(report: FailureReport): string[] {
  return [
    ...(report.testResults ?? []).flatMap(failuresOfFile),
    ...(report.suites ?? []).flatMap(failuresOfSuite),
    ...(report.errors ?? []).map(({ message }) => told('outside of any test', [message])),
  ];
}

function failuresOfFile({ name, message, status, assertionResults }: JestFile): string[] {
  const failed = assertionResults.filter((test) => test.status === 'failed');
  if (failed.length === 0 && status === 'failed') return [told(name, [message])];
  return failed.map((test) => told(`${name} › ${test.fullName}`, test.failureMessages ?? []));
}

function failuresOfSuite({ suites = [], specs = [] }: PlaywrightSuite): string[] {
  const own = specs
    .filter((spec) => !spec.ok)
    .map(({ file, line, title, tests }) => {
      const errors = tests.flatMap(({ results }) =>
        results.flatMap((result) => result.errors ?? []),
      );
      return told(
        `${file}:${line} › ${title}`,
        errors.map((error) => error.message),
      );
    });
  return [...own, ...suites.flatMap(failuresOfSuite)];
}

function told(where: string, reasons: readonly (string | undefined)[]): string {
  const lines = stripVTControlCharacters(reasons.join('\n')).split('\n').slice(0, MOST_LINES);
  return [where, ...lines.map((line) => `    ${line}`)].join('\n');
}
