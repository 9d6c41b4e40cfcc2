import { ImportFileError } from './import-file-error.js';

/**
 * Refuses what begins as UTF-16 or UTF-32 does: with a byte order mark, or with a zero byte beside
 * the first character, which is ASCII in every JSON text (RFC 4627, section 3).
 *
 * @param label how the message names the text.
 */
export function assertNoUtf16(head: Uint8Array, label: string): void {
  const start = Buffer.from(head.subarray(0, 4)).toString('latin1');
  if (!/^(?:\xff\xfe|\xfe\xff|\0[^\0]|[^\0]\0|\0\0\xfe\xff)/.test(start)) return;
  throw new ImportFileError(
    `${label} is in UTF-16 or UTF-32, while JSON is UTF-8 (RFC 8259). Save it as UTF-8 and try again.`,
  );
}
