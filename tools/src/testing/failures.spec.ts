import { failuresIn } from './failures.js';

describe('telling what failed', () => {
  it('names the test and the reason, of Jest and Vitest', () => {
    const passed = { fullName: 'adds', status: 'passed', failureMessages: [] };
    const failed = {
      fullName: 'subtracts',
      status: 'failed',
      failureMessages: ['\u001b[31mexpected 1\u001b[39m\nreceived 2'],
    };
    const file = { name: 'sums.spec.ts', status: 'failed', assertionResults: [passed, failed] };
    expect(failuresIn({ testResults: [file] })).toEqual([
      'sums.spec.ts › subtracts\n    expected 1\n    received 2',
    ]);
  });

  it('tells of a file that could not be run', () => {
    const file = {
      name: 'a.spec.ts',
      status: 'failed',
      message: 'No such module',
      assertionResults: [],
    };
    expect(failuresIn({ testResults: [file] })).toEqual(['a.spec.ts\n    No such module']);
  });

  it('finds the tests of Playwright in their groups, and what broke outside of them', () => {
    const spec = (title: string, ok: boolean, message: string) => ({
      ...{ title, ok, file: 'page.e2e-spec.ts', line: 7 },
      tests: [{ results: [{ errors: ok ? [] : [{ message }] }] }],
    });
    const suites = [
      { specs: [spec('a', true, '')], suites: [{ specs: [spec('b', false, 'late')] }] },
    ];
    expect(failuresIn({ suites, errors: [{ message: 'no server' }] })).toEqual([
      'page.e2e-spec.ts:7 › b\n    late',
      'outside of any test\n    no server',
    ]);
  });

  it('cuts a long reason', () => {
    const message = Array.from({ length: 500 }, (_, line) => `line ${line}`).join('\n');
    const [failure] = failuresIn({ errors: [{ message }] });
    expect(failure?.split('\n')).toHaveLength(26);
  });

  it('says nothing of a report without failures', () => {
    expect(failuresIn({ testResults: [], suites: [], errors: [] })).toEqual([]);
  });
});
