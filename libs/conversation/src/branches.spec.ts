import { array, assert, nat, option, property } from 'fast-check';
import { branchesBelow, segmentsTo, type Branch, type Segment } from './branches.js';

interface Node {
  readonly time: number;
  readonly parent: Node | null;
  readonly branchId: string | null;
}

interface Forest {
  readonly nodes: Node[];
  readonly branches: Map<string, Branch>;
}

/**
 * A tree that grows by the rule of the product: a child continues its parent's branch where that
 * ends with the parent, and begins a branch where it does not.
 *
 * @param parents for each message, which of those before it is its parent; null for the root.
 */
function grow(parents: readonly (number | null)[]): Forest {
  const nodes: Node[] = [];
  const branches = new Map<string, Branch>();
  for (const [time, chosen] of parents.entries()) {
    const parent = chosen === null || time === 0 ? null : (nodes[chosen % time] ?? null);
    const inherited = parent?.branchId ?? null;
    const taken = nodes.some((one) => one.parent === parent && one.branchId === inherited);
    if (!taken) {
      nodes.push({ time, parent, branchId: inherited });
      continue;
    }
    const id = `b${time}`;
    branches.set(id, { id, parentId: inherited, forkTime: parent?.time ?? null });
    nodes.push({ time, parent, branchId: id });
  }
  return { nodes, branches };
}

const parents = array(option(nat({ max: 1_000 }), { freq: 6 }), { minLength: 1, maxLength: 40 });

function walk(leaf: Node): Node[] {
  const path: Node[] = [];
  for (let node: Node | null = leaf; node !== null; node = node.parent) path.unshift(node);
  return path;
}

const read = (nodes: readonly Node[], { branchId, upto = Infinity }: Segment): Node[] =>
  nodes.filter((node) => node.branchId === branchId && node.time <= upto);

describe('segments', () => {
  it('hold exactly the path to a message, for every message of any tree', () => {
    assert(
      property(parents, (chosen) => {
        const { nodes, branches } = grow(chosen);
        for (const node of nodes) {
          const segments = segmentsTo(branches, node.branchId, node.time);
          expect(segments.flatMap((segment) => read(nodes, segment))).toEqual(walk(node));
        }
      }),
    );
  });

  it('into a branch without an end are the path to its last message', () => {
    assert(
      property(parents, (chosen) => {
        const { nodes, branches } = grow(chosen);
        for (const branchId of [null, ...branches.keys()]) {
          const last = nodes.findLast((node) => node.branchId === branchId);
          const path = segmentsTo(branches, branchId).flatMap((one) => read(nodes, one));
          expect(path).toEqual(last === undefined ? [] : walk(last));
        }
      }),
    );
  });

  it('refuse a branch that is missing and branches that lead in a circle', () => {
    expect(() => segmentsTo(new Map(), 'a')).toThrow('no branch a');
    const circle = new Map([
      ['a', { id: 'a', parentId: 'b', forkTime: 1 }],
      ['b', { id: 'b', parentId: 'a', forkTime: 2 }],
    ]);
    expect(() => segmentsTo(circle, 'a')).toThrow('comes from itself');
  });
});

describe('the branches below a message', () => {
  it('hold everything that follows it, and nothing later in them is of another path', () => {
    assert(
      property(parents, (chosen) => {
        const { nodes, branches } = grow(chosen);
        for (const node of nodes) {
          const below = branchesBelow(branches.values(), node.branchId, node.time);
          const found = nodes.filter((one) => one.time > node.time && below.includes(one.branchId));
          const following = nodes.filter((one) => one !== node && walk(one).includes(node));
          expect(found).toEqual(following);
          expect(new Set(below).size).toBe(below.length);
        }
      }),
    );
  });
});
