import { describe, expect, it } from 'vitest';
import { fileNameOf } from './file-transfer.js';

function named(disposition?: string): string {
  const headers = new Headers();
  if (disposition !== undefined) headers.set('Content-Disposition', disposition);
  return fileNameOf(headers, 'chat.md');
}

describe('the name of a downloaded file', () => {
  it('is the extended one, decoded', () => {
    expect(
      named(`attachment; filename="Gruesse.md"; filename*=UTF-8''Gr%C3%BC%C3%9Fe%2C%20B.md`),
    ).toBe('Grüße, B.md');
  });

  it('is the plain one where the extended one is not well encoded', () => {
    expect(named(`attachment; filename="plain.md"; filename*=UTF-8''%E0%A4%A`)).toBe('plain.md');
  });

  it('is the one that the page knows where the server names none', () => {
    expect(named('attachment')).toBe('chat.md');
    expect(named()).toBe('chat.md');
  });
});
