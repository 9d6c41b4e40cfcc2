import type { Reaction } from '@chat/shared-types';

/** An emoji that the picker offers. */
export interface NamedEmoji {
  emoji: string;
  /** For assistive technology and the hint. */
  name: string;
}

/** The picker's own set, in rows of six. */
export const PICKER_EMOJI: readonly NamedEmoji[] = [
  { emoji: '👍', name: 'Thumbs up' },
  { emoji: '👎', name: 'Thumbs down' },
  { emoji: '❤️', name: 'Heart' },
  { emoji: '😄', name: 'Smile' },
  { emoji: '😂', name: 'Tears of joy' },
  { emoji: '🎉', name: 'Party' },
  { emoji: '👏', name: 'Applause' },
  { emoji: '🙏', name: 'Thanks' },
  { emoji: '🙌', name: 'Raised hands' },
  { emoji: '🔥', name: 'Fire' },
  { emoji: '🚀', name: 'Rocket' },
  { emoji: '💯', name: 'Hundred points' },
  { emoji: '✅', name: 'Done' },
  { emoji: '❌', name: 'Wrong' },
  { emoji: '⭐', name: 'Star' },
  { emoji: '📌', name: 'Pin' },
  { emoji: '💡', name: 'Idea' },
  { emoji: '👀', name: 'Eyes' },
  { emoji: '🤔', name: 'Thinking' },
  { emoji: '❓', name: 'Question' },
  { emoji: '⚠️', name: 'Warning' },
  { emoji: '😮', name: 'Surprised' },
  { emoji: '😢', name: 'Sad' },
  { emoji: '😡', name: 'Angry' },
];

/** How many stand beside each other. */
export const PICKER_COLUMNS = 6;

const names = new Map(PICKER_EMOJI.map(({ emoji, name }) => [emoji, name]));

/** What an emoji is called; itself where the picker does not offer it. */
export function emojiName(emoji: string): string {
  return names.get(emoji) ?? emoji;
}

export function isMine(reactions: readonly Reaction[], emoji: string): boolean {
  return reactions.some((reaction) => reaction.emoji === emoji && reaction.mine);
}

/** The reactions as they will be once the own emoji is added or taken back. */
export function withReaction(
  reactions: readonly Reaction[],
  emoji: string,
  wanted: boolean,
): Reaction[] {
  if (isMine(reactions, emoji) === wanted) return [...reactions];
  const known = reactions.find((reaction) => reaction.emoji === emoji);
  if (!known) return [...reactions, { emoji, count: 1, mine: true }];
  const count = known.count + (wanted ? 1 : -1);
  return reactions.flatMap((reaction) => {
    if (reaction !== known) return [reaction];
    return count === 0 ? [] : [{ emoji, count, mine: wanted }];
  });
}
