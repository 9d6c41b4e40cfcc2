import { describe, expect, it } from 'vitest';
import { buildSession } from '../../testing/builders.js';
import { describeDone, describeFailed, effectOf, undoing, type BulkPlan } from './bulk-plan.js';

const filed = buildSession(1, { folder_id: 'f1', tags: ['Kept'], pinned: true });
const loose = buildSession(2);

describe('a change of many chats', () => {
  it('adds and takes tags whatever their case', () => {
    expect(effectOf({ action: 'tag', tags: ['kept', 'new'] }, filed)).toEqual({
      tags: ['Kept', 'new'],
    });
    expect(effectOf({ action: 'untag', tags: ['KEPT'] }, filed)).toEqual({ tags: [] });
  });

  it('is undone for each by what it changed of it', () => {
    const undoOf = (plan: BulkPlan) =>
      undoing(plan, [filed, loose]).map(({ plan: undo, sessions }) => [
        undo,
        sessions.map(({ _id }) => _id),
      ]);
    expect(undoOf({ action: 'move', folder_id: 'f2' })).toEqual([
      [{ action: 'move', folder_id: 'f1' }, [filed._id]],
      [{ action: 'move', folder_id: null }, [loose._id]],
    ]);
    expect(undoOf({ action: 'tag', tags: ['kept', 'new'] })).toEqual([
      [{ action: 'untag', tags: ['new'] }, [filed._id]],
      [{ action: 'untag', tags: ['kept', 'new'] }, [loose._id]],
    ]);
    expect(undoOf({ action: 'pin' })).toEqual([[{ action: 'unpin' }, [loose._id]]]);
    expect(undoOf({ action: 'delete' })).toEqual([[{ action: 'restore' }, [filed._id, loose._id]]]);
  });

  it('is told by the title of one chat, and by the number of many', () => {
    expect(describeDone({ action: 'archive' }, [loose], undefined)).toBe('Archived “Chat 2”.');
    expect(describeDone({ action: 'move', folder_id: 'x' }, [filed, loose], 'Work')).toBe(
      'Moved 2 chats to “Work”.',
    );
    expect(describeFailed({ action: 'pin' }, [loose], 1)).toBe('“Chat 2” was not pinned.');
    expect(describeFailed({ action: 'pin' }, [loose], 3)).toBe('1 of 3 chats was not pinned.');
    expect(describeFailed({ action: 'pin' }, [filed, loose], 2)).toBe('2 chats were not pinned.');
  });
});
