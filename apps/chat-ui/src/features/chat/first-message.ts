/** Long enough to recognise a chat by, short enough for the list. */
const TITLE_LETTERS = 60;

/** The title of a chat that was never given one: how its first message begins. */
export function titleFrom(content: string): string | undefined {
  const line = content.trim().split('\n', 1)[0]?.replace(/\s+/gu, ' ').trim() ?? '';
  const letters = Array.from(line);
  if (letters.length === 0) return undefined;
  if (letters.length <= TITLE_LETTERS) return line;
  const cut = letters.slice(0, TITLE_LETTERS).join('');
  // Rather a word less than half a word more.
  const lastSpace = cut.lastIndexOf(' ');
  return `${cut.slice(0, lastSpace > TITLE_LETTERS / 2 ? lastSpace : undefined).trimEnd()}…`;
}
