import { describe, expect, it } from 'vitest';
import { titleFrom } from './first-message.js';

describe('titleFrom', () => {
  it('takes the first line and evens out its spaces', () => {
    expect(titleFrom('\n  Plan   my week \nand more')).toBe('Plan my week');
  });

  it('cuts between words', () => {
    expect(titleFrom('word '.repeat(30))).toMatch(/^(word ){11}word…$/);
  });

  it('cuts a long word without breaking a letter', () => {
    expect(titleFrom('😀'.repeat(80))).toBe(`${'😀'.repeat(60)}…`);
  });

  it('has nothing to say about a blank message', () => {
    expect(titleFrom(' \n ')).toBeUndefined();
  });
});
