/** One figure of the benchmark beside the bar that it is held to. */
export interface Measurement {
  readonly what: string;
  readonly value: number;
  readonly unit: string;
  /** The bar, and the side of it that is good. */
  readonly bar: { readonly atLeast: number } | { readonly atMost: number };
  /** What the figure was made of, for whoever reads the table. */
  readonly detail?: string;
}

/** Whether the figure is on the good side of its bar. */
export function holds({ value, bar }: Measurement): boolean {
  return 'atLeast' in bar ? value >= bar.atLeast : value <= bar.atMost;
}

/** The measurements as a Markdown table, so that it can be pasted into `docs/performance.md`. */
export function toTable(measurements: readonly Measurement[]): string {
  const rows = measurements.map((measurement) => {
    const { what, value, unit, bar, detail = '' } = measurement;
    const limit = 'atLeast' in bar ? `≥ ${format(bar.atLeast)}` : `≤ ${format(bar.atMost)}`;
    const verdict = holds(measurement) ? 'holds' : '**missed**';
    return `| ${what} | ${format(value)} ${unit} | ${limit} ${unit} | ${verdict} | ${detail} |`;
  });
  return [
    '| what | measured | bar | verdict | made of |',
    '| --- | --- | --- | --- | --- |',
    ...rows,
  ].join('\n');
}

/** The middle of the values; the mean of the two middle ones where their number is even. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  const upper = sorted[Math.floor(middle)];
  if (upper === undefined) throw new RangeError('There is no median of nothing.');
  const lower = sorted[Math.ceil(middle) - 1] ?? upper;
  return (lower + upper) / 2;
}

/** The value below which this share of the values lies (nearest rank). */
export function percentile(values: readonly number[], percent: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const value = sorted[Math.max(0, Math.ceil((percent / 100) * sorted.length) - 1)];
  if (value === undefined) throw new RangeError('There is no percentile of nothing.');
  return value;
}

function format(value: number): string {
  const digits = Math.abs(value) < 10 && !Number.isInteger(value) ? 2 : 0;
  return value.toLocaleString('en-US', {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  });
}
