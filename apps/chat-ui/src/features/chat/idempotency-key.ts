/**
 * A key that no other message has: 128 random bits. `crypto.randomUUID` is withheld on plain http,
 * `getRandomValues` is not.
 */
export function newIdempotencyKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
