import { PROBLEM_CODES, problemCode, problemType } from './problem.js';

describe('problem types', () => {
  it('turns every code into a type and back', () => {
    for (const code of PROBLEM_CODES) {
      expect(problemCode({ type: problemType(code) })).toBe(code);
    }
  });

  it('does not take a stranger for one of ours', () => {
    expect(problemCode({ type: 'about:blank' })).toBeUndefined();
    expect(problemCode({ type: 'https://example.org/problems/not-found' })).toBeUndefined();
  });
});
