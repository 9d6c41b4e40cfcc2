/** A piece of a message: text as typed, or an address that can be followed. */
export interface TextPiece {
  text: string;
  /** Only ever http or https. */
  href?: string;
}

/** A scheme, then anything but spaces and the characters that end an address in running text. */
const ADDRESS = /\bhttps?:\/\/[^\s<>"'`\p{Cc}]+/giu;

/** Punctuation after an address belongs to the sentence. */
const SENTENCE_END = /[.,;:!?…]+$/u;

/**
 * Cuts a message into text and links. Joined again, the pieces are the message, unchanged; no
 * markup is ever made of it.
 */
export function splitLinks(content: string): TextPiece[] {
  const pieces: TextPiece[] = [];
  let from = 0;
  for (const match of content.matchAll(ADDRESS)) {
    const address = trimAddress(match[0]);
    const href = toHref(address);
    if (href === undefined) continue;
    if (match.index > from) pieces.push({ text: content.slice(from, match.index) });
    pieces.push({ text: address, href });
    from = match.index + address.length;
  }
  if (from < content.length) pieces.push({ text: content.slice(from) });
  return pieces;
}

function trimAddress(found: string): string {
  const address = found.replace(SENTENCE_END, '');
  const opened = address.split('(').length;
  // "(see https://example.org/a)" ends before the bracket, "…/a_(b)" does not.
  if (address.endsWith(')') && address.split(')').length > opened) {
    return trimAddress(address.slice(0, -1));
  }
  return address;
}

function toHref(address: string): string | undefined {
  if (!URL.canParse(address)) return undefined;
  const { protocol, href } = new URL(address);
  return protocol === 'https:' || protocol === 'http:' ? href : undefined;
}
