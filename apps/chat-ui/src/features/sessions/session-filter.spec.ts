import { describe, expect, it } from 'vitest';
import { buildSession } from '../../testing/builders.js';
import { filterPath, isShown, parseFilter, type SessionFilter } from './session-filter.js';

const plain = buildSession(1);
const marked = buildSession(2, { unread: true, pinned: true, tags: ['Work'], folder_id: 'f1' });
const away = buildSession(3, { archived: true, unread: true, pinned: true, tags: ['work'] });

describe('the filters of the list', () => {
  it('show what the list that the API is asked for holds', () => {
    const cases: [SessionFilter, string, (typeof plain)[]][] = [
      [{ kind: 'all' }, '?view=sidebar', [plain, marked]],
      [{ kind: 'unread' }, '?view=sidebar', [marked]],
      [{ kind: 'pinned' }, '?view=sidebar&pinned=true', [marked]],
      [{ kind: 'archived' }, '?archived=true', [away]],
      [{ kind: 'unfiled' }, '?view=sidebar&folder_id=none', [plain]],
      [{ kind: 'folder', folderId: 'f1' }, '?view=sidebar&folder_id=f1', [marked]],
      [{ kind: 'tag', tag: 'work' }, '?view=sidebar&tag=work', [marked]],
    ];
    for (const [filter, query, shown] of cases) {
      expect(filterPath(filter)).toBe(`/chat/sessions${query}`);
      expect([plain, marked, away].filter((one) => isShown(filter, one))).toEqual(shown);
    }
  });

  it('that were stored are read again, and anything else means all chats', () => {
    const folder = { kind: 'folder', folderId: 'a'.repeat(24) };
    expect(parseFilter(JSON.stringify(folder))).toEqual(folder);
    expect(parseFilter('{"kind":"tag","tag":"x"}')).toEqual({ kind: 'tag', tag: 'x' });
    for (const bad of [
      null,
      '',
      '{',
      'null',
      '[]',
      '{"kind":"folder","folderId":"../x"}',
      '{"kind":"tag"}',
    ]) {
      expect(parseFilter(bad)).toEqual({ kind: 'all' });
    }
  });
});
