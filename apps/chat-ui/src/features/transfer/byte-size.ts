const UNITS = ['B', 'kB', 'MB', 'GB'] as const;

/** A number of bytes for people, in powers of 1,000 (IEC 80000-13), e.g. "1.2 MB". */
export function byteSize(bytes: number): string {
  let value = bytes;
  let unit = 0;
  while (value >= 999.5 && unit < UNITS.length - 1) {
    value /= 1_000;
    unit += 1;
  }
  const digits = unit > 0 && value < 10 ? 1 : 0;
  return `${value.toLocaleString(undefined, { maximumFractionDigits: digits })} ${UNITS[unit] ?? ''}`;
}
