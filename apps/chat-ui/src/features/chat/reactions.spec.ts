import { LIMITS, type Reaction } from '@chat/shared-types';
import { describe, expect, it } from 'vitest';
import { emojiName, PICKER_COLUMNS, PICKER_EMOJI, withReaction } from './reactions.js';

const thumb: Reaction = { emoji: '👍', count: 1, mine: true };
const party: Reaction = { emoji: '🎉', count: 2, mine: false };

describe('the reactions of a message', () => {
  it('gain a new kind at the end', () => {
    expect(withReaction([thumb], '🔥', true)).toEqual([
      thumb,
      { emoji: '🔥', count: 1, mine: true },
    ]);
  });

  it('count one more for a kind that is there, in its place', () => {
    expect(withReaction([party, thumb], '🎉', true)).toEqual([
      { emoji: '🎉', count: 3, mine: true },
      thumb,
    ]);
  });

  it('lose a kind with its last, and keep that of others', () => {
    expect(withReaction([thumb, party], '👍', false)).toEqual([party]);
    const both = { emoji: '🎉', count: 2, mine: true };
    expect(withReaction([both], '🎉', false)).toEqual([{ emoji: '🎉', count: 1, mine: false }]);
  });

  it('stay the same where nothing changes', () => {
    expect(withReaction([thumb], '👍', true)).toEqual([thumb]);
    expect(withReaction([thumb], '🔥', false)).toEqual([thumb]);
  });
});

describe('the picker', () => {
  it('offers whole rows of emoji, each a single grapheme with a name, none twice', () => {
    const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' });
    expect(PICKER_EMOJI.length % PICKER_COLUMNS).toBe(0);
    expect(new Set(PICKER_EMOJI.map(({ emoji }) => emoji)).size).toBe(PICKER_EMOJI.length);
    expect(new Set(PICKER_EMOJI.map(({ name }) => name)).size).toBe(PICKER_EMOJI.length);
    for (const { emoji } of PICKER_EMOJI) expect([...graphemes.segment(emoji)]).toHaveLength(1);
    expect(PICKER_EMOJI.length).toBeGreaterThan(LIMITS.reactionsPerMessage);
  });

  it('knows the names of its own', () => {
    expect(emojiName('🔥')).toBe('Fire');
    expect(emojiName('🦊')).toBe('🦊');
  });
});
