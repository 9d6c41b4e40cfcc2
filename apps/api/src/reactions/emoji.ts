/**
 * What Unicode recommends for general interchange, in one piece: plain emoji, keycaps, flags, skin
 * tones and joined sequences (UTS #51, section 1.4.9). No letter and no digit alone is among them.
 * By its constructor, because the compiler's target does not know the flag yet.
 */
const RGI_EMOJI = new RegExp(String.raw`^\p{RGI_Emoji}$`, 'v');
/** Asks for the colourful picture of a character that is also shown as text. */
const EMOJI_STYLE = '\u{FE0F}';
/** The longest sequences, flags of regions and families of four, have fewer UTF-16 code units. */
const MAX_LENGTH = 40;

/**
 * The emoji that a text is, in its one form that is kept; undefined where it is none, or more than
 * one. Some keyboards leave out the sign that asks for the picture ("❤" for "❤️").
 */
export function toEmoji(text: string): string | undefined {
  if (text.length > MAX_LENGTH) return undefined;
  const pictured = `${text}${EMOJI_STYLE}`;
  if (RGI_EMOJI.test(text)) return text;
  return RGI_EMOJI.test(pictured) ? pictured : undefined;
}
