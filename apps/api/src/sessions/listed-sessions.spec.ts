import { mongo, Types } from 'mongoose';
import { ListedSessions } from './listed-sessions.js';

const NOW = new Date('2026-03-01T10:00:00.000Z');

/** A stored session as it comes from the database: somewhere in the bytes of a whole answer. */
function stored(members: Record<string, unknown> = {}): Uint8Array {
  const bytes = mongo.BSON.serialize({
    _id: new Types.ObjectId(),
    user_id: new Types.ObjectId(),
    title: 'A title',
    message_count: 2,
    last_message_at: NOW,
    last_activity_at: NOW,
    model: null,
    system_prompt: null,
    active_message_id: null,
    folder_id: null,
    pinned: false,
    archived: false,
    tags: ['a', 'b'],
    unread: false,
    deleted: false,
    deleted_at: null,
    created_at: NOW,
    updated_at: NOW,
    ...members,
  });
  const answer = Buffer.alloc(bytes.length + 14);
  answer.set(bytes, 7);
  return answer.subarray(7, 7 + bytes.length);
}

describe('sessions of a list', () => {
  const listed = new ListedSessions();

  it('are answered without what only the server needs, and say where they stand', () => {
    const _id = new Types.ObjectId();
    const user_id = new Types.ObjectId();
    const { answer, position } = listed.read(stored({ _id, user_id }));
    expect(answer).toEqual({
      _id: _id.toHexString(),
      user_id: user_id.toHexString(),
      title: 'A title',
      message_count: 2,
      last_message_at: NOW.toISOString(),
      model: null,
      system_prompt: null,
      active_message_id: null,
      folder_id: null,
      pinned: false,
      archived: false,
      tags: ['a', 'b'],
      unread: false,
      created_at: NOW.toISOString(),
      updated_at: NOW.toISOString(),
    });
    expect(position).toEqual({ time: NOW, id: _id });
  });

  it('are made once while they are the same, byte for byte', () => {
    const bytes = stored();
    const first = listed.read(bytes);
    expect(listed.read(Uint8Array.from(bytes))).toBe(first);
  });

  it('are made anew after any change, back to what was as well', () => {
    const _id = new Types.ObjectId();
    const titled = (title: string): Uint8Array => stored({ _id, title });
    for (const title of ['one', 'two', 'one', 'two and more', 'two']) {
      expect(listed.read(titled(title)).answer.title).toBe(title);
    }
    expect(listed.read(stored({ _id, unread: true })).answer.unread).toBe(true);
    expect(listed.read(stored({ _id, unread: false })).answer.unread).toBe(false);
  });

  it('do not change when the bytes they came in are used for something else', () => {
    const _id = new Types.ObjectId();
    const bytes = stored({ _id, title: 'before' });
    const before = listed.read(bytes);
    bytes.set(stored({ _id, title: 'behind' }));
    expect(before.answer.title).toBe('before');
    expect(listed.read(bytes).answer.title).toBe('behind');
  });

  it('are right however many there are, the ones of long ago too', () => {
    const many = new ListedSessions();
    const system_prompt = 'x'.repeat(8_000);
    const all = Array.from({ length: 1_000 }, (_, n) => stored({ title: `${n}`, system_prompt }));
    const rounds = [1, 2].map(() => all.map((bytes) => many.read(bytes)));
    for (const rows of rounds) {
      expect(rows.map(({ answer }) => answer.title)).toEqual(all.map((_, n) => `${n}`));
    }
    // What is kept is limited: the ones of long ago were made a second time.
    expect(rounds[1]?.[0]).not.toBe(rounds[0]?.[0]);
    const recent = all.slice(-100);
    expect(recent.map((bytes) => many.read(bytes))).toEqual(rounds[1]?.slice(-100));
    expect(many.read(recent[0] ?? stored())).toBe(rounds[1]?.at(-100));
  });

  it('that are very large are not kept', () => {
    const bytes = stored({ system_prompt: 'x'.repeat(20_000) });
    const first = listed.read(bytes);
    expect(listed.read(bytes)).not.toBe(first);
    expect(listed.read(bytes)).toEqual(first);
  });
});
