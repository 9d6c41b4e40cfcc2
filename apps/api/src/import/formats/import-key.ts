import { createHash } from 'node:crypto';
import type { ImportFormat } from '@chat/shared-types';
import type { DraftMessage } from '../../messages/session-draft.js';

const MOST = 200;

/** By what a conversation is known again: its id in the system it comes from, else what it says. */
export function importKey(
  format: ImportFormat,
  id: unknown,
  messages: readonly DraftMessage[],
): string {
  if (typeof id === 'string' && id !== '' && id.length <= MOST) return `${format}:${id}`;
  const hash = createHash('sha256');
  for (const { role, content } of messages) hash.update(JSON.stringify([role, content]));
  return `hash:${hash.digest('hex')}`;
}
