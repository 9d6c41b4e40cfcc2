import type { SearchResult } from '@chat/shared-types';
import { describe, expect, it } from 'vitest';
import { looksInTrash, resultOption } from './palette-options.js';

const MESSAGE: SearchResult = {
  type: 'message',
  session_id: 's1',
  message_id: 'm1',
  title: 'Lighthouses',
  role: 'assistant',
  created_at: '2026-03-10T10:00:00.000Z',
  score: 0.5,
  snippet: 'the old lighthouse',
  highlights: [[8, 18]],
};

describe('an option of the palette', () => {
  it('of a message shows its snippet and names its chat and its writer', () => {
    expect(resultOption(MESSAGE)).toMatchObject({
      kind: 'assistant',
      text: 'the old lighthouse',
      chatTitle: 'Lighthouses',
      sessionId: 's1',
      messageId: 'm1',
      words: ['lighthouse'],
    });
  });

  it('of a chat shows its title and marks it', () => {
    const chat: SearchResult = {
      ...MESSAGE,
      type: 'session',
      message_id: null,
      role: null,
      snippet: 'Lighthouses',
      highlights: [[0, 10]],
    };
    expect(resultOption(chat)).toMatchObject({
      kind: 'chat',
      text: 'Lighthouses',
      ranges: [[0, 10]],
      chatTitle: null,
      messageId: null,
      words: [],
    });
  });

  it.each([
    ['is:deleted', true],
    ['boat is:DELETED', true],
    ['is:deleted boat', true],
    ['"is:deleted"', false],
    ['this:deleted', false],
    ['boat', false],
  ])('for %s leads to the trash: %s', (query, expected) => {
    expect(looksInTrash(query)).toBe(expected);
  });
});
