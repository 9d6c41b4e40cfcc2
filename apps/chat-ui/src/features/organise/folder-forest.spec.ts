import { describe, expect, it } from 'vitest';
import { buildFolder } from '../../testing/builders.js';
import { FolderForest } from './folder-forest.js';

const [one, two, three, inner, deep] = [
  buildFolder(1, { position: 0 }),
  buildFolder(2, { position: 1, session_count: 2 }),
  buildFolder(3, { position: 2 }),
  buildFolder(4, { parent_id: buildFolder(2)._id, position: 0 }),
  buildFolder(5, { parent_id: buildFolder(4)._id, position: 0 }),
];
const forest = new FolderForest([three, deep, one, inner, two]);
const outline = (folders: ReturnType<FolderForest['moved']>): string[] =>
  new FolderForest(folders).rows(() => true).map(({ folder, level }) => `${level} ${folder.name}`);

describe('the folders of a user', () => {
  it('are listed in the order of the tree, closed ones without what they hold', () => {
    expect(outline([...forest.folders])).toEqual([
      '1 Folder 1',
      '1 Folder 2',
      '2 Folder 4',
      '3 Folder 5',
      '1 Folder 3',
    ]);
    const rows = forest.rows((id) => id === two._id);
    expect(rows.map(({ folder }) => folder._id)).toEqual(
      [one, two, inner, three].map((f) => f._id),
    );
    expect(rows[2]).toMatchObject({
      level: 2,
      place: 1,
      siblings: 1,
      hasFolders: true,
      open: false,
    });
  });

  it('close up behind a folder that moves, and make room where it comes', () => {
    const moved = forest.moved(three._id, { parentId: two._id, position: 0 });
    expect(outline(moved)).toEqual([
      '1 Folder 1',
      '1 Folder 2',
      '2 Folder 3',
      '2 Folder 4',
      '3 Folder 5',
    ]);
    expect(moved.find(({ _id }) => _id === inner._id)?.position).toBe(1);
    const up = forest.moved(three._id, { parentId: null, position: 0 });
    expect(outline(up).slice(0, 2)).toEqual(['1 Folder 3', '1 Folder 1']);
  });

  it('come behind the siblings of a folder that is deleted, as its chats come to its parent', () => {
    expect(outline(forest.dissolved(two._id))).toEqual([
      '1 Folder 1',
      '1 Folder 3',
      '1 Folder 4',
      '2 Folder 5',
    ]);
    const filled = new FolderForest(
      forest.folders.map((f) => (f._id === inner._id ? { ...f, session_count: 3 } : f)),
    );
    const parent = filled.dissolved(inner._id).find(({ _id }) => _id === two._id);
    expect(parent?.session_count).toBe(5);
  });

  it('are not moved into themselves, nor deeper than five levels', () => {
    expect(forest.canMove(two._id, inner._id)).toBe(false);
    expect(forest.canMove(two._id, two._id)).toBe(false);
    expect(forest.canMove(two._id, one._id)).toBe(true);
    const fourth = buildFolder(6, { parent_id: deep._id });
    const taller = new FolderForest([...forest.folders, fourth]);
    expect(taller.canMove(one._id, fourth._id)).toBe(true);
    expect(taller.canMove(two._id, one._id)).toBe(true);
    const fifth = buildFolder(7, { parent_id: fourth._id });
    const tallest = new FolderForest([...taller.folders, fifth]);
    expect(tallest.canMove(one._id, fifth._id)).toBe(false);
    expect(tallest.canMove(two._id, one._id)).toBe(false);
    expect(tallest.canHoldMore(fourth._id)).toBe(true);
    expect(tallest.canHoldMore(fifth._id)).toBe(false);
  });
});
