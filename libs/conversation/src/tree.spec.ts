import { array, assert, nat, option, property, shuffledSubarray } from 'fast-check';
import { ConversationTree, type TreeNode } from './tree.js';

function grow(parents: readonly (number | null)[]): TreeNode[] {
  return parents.map((chosen, i) => ({
    _id: `m${i}`,
    parent_id: chosen === null || i === 0 ? null : `m${chosen % i}`,
    created_at: new Date(1_700_000_000_000 + i).toISOString(),
  }));
}

const trees = array(option(nat({ max: 1_000 }), { freq: 6 }), { minLength: 1, maxLength: 40 }).map(
  grow,
);

/** From the root, straight from the definition. */
function walk(nodes: readonly TreeNode[], leaf: TreeNode): TreeNode[] {
  const parent = nodes.find(({ _id }) => _id === leaf.parent_id);
  return parent === undefined ? [leaf] : [...walk(nodes, parent), leaf];
}

describe('a tree of messages', () => {
  it('finds the path, the versions and the newest leaf of every message, in any order given', () => {
    assert(
      property(
        trees.chain((nodes) =>
          shuffledSubarray(nodes, { minLength: nodes.length, maxLength: nodes.length }).map(
            (shuffled) => ({ nodes, shuffled }),
          ),
        ),
        ({ nodes, shuffled }) => {
          const tree = new ConversationTree(shuffled);
          for (const node of nodes) {
            expect(tree.pathTo(node._id)).toEqual(walk(nodes, node));
            expect(tree.siblingsOf(node._id)).toEqual(
              nodes.filter(({ parent_id }) => parent_id === node.parent_id),
            );
            const newest = nodes.findLast((one) => walk(nodes, one).includes(node));
            expect(tree.newestLeafBelow(node._id)).toBe(newest);
            expect(tree.childrenOf(newest?._id ?? '')).toEqual([]);
          }
        },
      ),
    );
  });

  it('knows nothing of messages that it was not given', () => {
    const tree = new ConversationTree(grow([null, 0]));
    expect(tree.get('m9')).toBeUndefined();
    expect(tree.pathTo('m9')).toEqual([]);
    expect(tree.siblingsOf('m9')).toEqual([]);
    expect(tree.newestLeafBelow('m9')).toBeUndefined();
  });

  it('begins a path where the parent is missing', () => {
    const [, middle, last] = grow([null, 0, 1]);
    const tree = new ConversationTree([middle!, last!]);
    expect(tree.pathTo('m2')).toEqual([middle, last]);
    expect(tree.childrenOf(null)).toEqual([]);
  });

  it('ends in a circle, which nobody can store', () => {
    const circle = [
      { _id: 'a', parent_id: 'b', created_at: '2026-01-01T00:00:00.000Z' },
      { _id: 'b', parent_id: 'a', created_at: '2026-01-01T00:00:00.001Z' },
    ];
    const tree = new ConversationTree(circle);
    expect(tree.pathTo('b').map(({ _id }) => _id)).toEqual(['a', 'b']);
    expect(tree.pathTo('a').map(({ _id }) => _id)).toEqual(['a']);
    expect(tree.newestLeafBelow('a')?._id).toBe('b');
    expect(tree.newestLeafBelow('b')?._id).toBe('b');
  });
});
