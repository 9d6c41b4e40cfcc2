import { holds, median, percentile, toTable } from './report.js';

describe('the report of the benchmark', () => {
  it('takes the mean of the two middle values as the median of an even number', () => {
    expect(median([9, 1, 5])).toBe(5);
    expect(median([8, 2, 4, 6])).toBe(5);
    expect(() => median([])).toThrow(RangeError);
  });

  it('takes the nearest rank as a percentile', () => {
    const values = Array.from({ length: 20 }, (_unused, i) => 20 - i);
    expect(percentile(values, 95)).toBe(19);
    expect(percentile(values, 100)).toBe(20);
    expect(percentile([7], 5)).toBe(7);
    expect(() => percentile([], 50)).toThrow(RangeError);
  });

  it('knows on which side of a bar it is good to be', () => {
    const figure = { what: 'x', unit: 'ms', value: 10 };
    expect(holds({ ...figure, bar: { atMost: 10 } })).toBe(true);
    expect(holds({ ...figure, bar: { atMost: 9 } })).toBe(false);
    expect(holds({ ...figure, bar: { atLeast: 10 } })).toBe(true);
    expect(holds({ ...figure, bar: { atLeast: 11 } })).toBe(false);
  });

  it('marks in the table what was missed', () => {
    const table = toTable([
      { what: 'memory', value: 250.4, unit: 'MB', bar: { atMost: 200 } },
      { what: 'ratio', value: 0.75, unit: '×', bar: { atLeast: 0.6 }, detail: '3 of 4' },
    ]);
    expect(table).toContain('| memory | 250 MB | ≤ 200 MB | **missed** |  |');
    expect(table).toContain('| ratio | 0.75 × | ≥ 0.60 × | holds | 3 of 4 |');
  });
});
