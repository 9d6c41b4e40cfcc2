import { describe, expect, it } from 'vitest';
import { byteSize } from './byte-size.js';

describe('byteSize', () => {
  it.each([
    [0, '0 B'],
    [999, '999 B'],
    [1_000, '1 kB'],
    [1_240, '1.2 kB'],
    [15_600, '16 kB'],
    [999_600, '1 MB'],
    [420_000_000, '420 MB'],
    [12_300_000_000, '12 GB'],
  ])('writes %i bytes as %s', (bytes, expected) => {
    expect(byteSize(bytes)).toBe(expected);
  });
});
