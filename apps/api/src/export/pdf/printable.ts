/** Controls, halves of characters, and one that is none: no font has a letter for them. */
const FORMLESS = /(?![\t\n\r])[\p{Cc}\p{Cs}\u{10fffe}]/gu;

/** The same text with what cannot be printed replaced by the sign for that (U+FFFD). */
export function printable(text: string): string {
  return text.replace(FORMLESS, '\ufffd');
}
