/** Bytes of UTF-8: file systems take 255, and an ending and a counter need room. */
const MAX_BYTES = 180;
const FALLBACK = 'Chat';
/** What Windows or a shell reads as something else than a letter of a name. */
const RESERVED = /[/\\:*?"<>|%]/g;
/**
 * Controls, and what is invisible or turns the direction of text: a name must read as it is. The
 * joiners stay: emoji and several scripts are written with them.
 */
const INVISIBLE = /(?![\u200c\u200d])[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}]/gu;
/** Names of devices (Microsoft, "Naming Files, Paths, and Namespaces"), with any ending. */
const DEVICE = /^(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(?:\.|$)/i;

/**
 * A title as the name of a file, without an ending, that every usual file system takes and that
 * shows nothing else than it says: no separators, controls, direction overrides or device names, at
 * most 180 bytes of UTF-8, cut between graphemes.
 */
export function toFileName(title: string): string {
  const visible = title
    .normalize('NFC')
    .replace(INVISIBLE, ' ')
    .replace(RESERVED, '_')
    .replace(/\s+/g, ' ');
  const name = cut(trimmed(visible));
  if (!/[\p{L}\p{N}\p{S}\p{P}]/u.test(name)) return FALLBACK;
  return DEVICE.test(name) ? `_${name}` : name;
}

/**
 * The `Content-Disposition` of a download (RFC 6266): `filename*` in UTF-8 (RFC 8187), and
 * `filename` in plain ASCII for whoever does not know that.
 *
 * @param name from `toFileName`, with its ending.
 */
export function attachment(name: string): string {
  const dot = name.lastIndexOf('.');
  const ascii = trimmed(
    name
      .slice(0, dot)
      .normalize('NFKD')
      .replace(/\p{M}/gu, '')
      .replace(/[^ -~]+/g, '_')
      .replace(/["\\%]/g, '_'),
  );
  const plain = /[A-Za-z0-9]/.test(ascii) ? ascii : 'chat';
  return `attachment; filename="${plain}${name.slice(dot)}"; filename*=UTF-8''${encode(name)}`;
}

/** RFC 8187 allows fewer characters as they are than `encodeURIComponent` leaves. */
function encode(text: string): string {
  return encodeURIComponent(text).replace(
    /['()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

/** Dots in front hide a file, and Windows drops dots and blanks at the end. */
function trimmed(name: string): string {
  return name.replace(/^[\s.]+|[\s.]+$/g, '');
}

function cut(name: string): string {
  if (Buffer.byteLength(name) <= MAX_BYTES) return name;
  let kept = '';
  let bytes = 0;
  for (const { segment } of new Intl.Segmenter().segment(name.slice(0, MAX_BYTES))) {
    bytes += Buffer.byteLength(segment);
    if (bytes > MAX_BYTES) break;
    kept += segment;
  }
  return trimmed(kept);
}
