import { array, assert, nat, option, property } from 'fast-check';
import { offshootsOf, type DatedBranch, type Offshoot } from './offshoots.js';

interface Node {
  readonly time: number;
  readonly parent: Node | null;
  readonly branchId: string | null;
}

interface Forest {
  readonly nodes: Node[];
  readonly branches: Map<string, DatedBranch>;
}

/** A tree that grows as the product's do; `parents` as in the test of branches. */
function grow(parents: readonly (number | null)[]): Forest {
  const nodes: Node[] = [];
  const branches = new Map<string, DatedBranch>();
  for (const [time, chosen] of parents.entries()) {
    const parent = chosen === null || time === 0 ? null : (nodes[chosen % time] ?? null);
    let branchId = parent?.branchId ?? null;
    if (nodes.some((one) => one.parent === parent && one.branchId === branchId)) {
      const id = `b${time}`;
      const forkTime = parent?.time ?? null;
      branches.set(id, { id, parentId: branchId, forkTime, beganAt: time });
      branchId = id;
    }
    nodes.push({ time, parent, branchId });
  }
  return { nodes, branches };
}

function pathTo(node: Node | null): Node[] {
  return node === null ? [] : [...pathTo(node.parent), node];
}

function timesIn({ nodes }: Forest, { branchIds, after = -1 }: Offshoot): number[] {
  return nodes
    .filter(({ branchId, time }) => branchIds.includes(branchId) && time > after)
    .map(({ time }) => time);
}

/** The same by a plain walk: from the end of the path up, the other children of every message. */
function walked({ nodes }: Forest, path: readonly Node[], from?: Node): number[][] {
  const below = (top: Node): number[] =>
    nodes.filter((node) => pathTo(node).includes(top)).map(({ time }) => time);
  return path.toReversed().flatMap((child) => {
    const isTooFarUp =
      from !== undefined && (child.parent === null || child.parent.time < from.time);
    if (isTooFarUp) return [];
    const versions = nodes.filter((one) => one.parent === child.parent && one !== child);
    const older = versions.filter(({ time }) => time < child.time).reverse();
    const newer = versions.filter(({ time }) => time > child.time);
    return [...older, ...newer].map(below);
  });
}

describe('offshootsOf', () => {
  const parents = array(option(nat({ max: 1_000 }), { freq: 6 }), { minLength: 1, maxLength: 40 });

  it('finds what a walk from the end of any branch to the root finds, in the same order', () => {
    assert(
      property(parents, nat(), (chosen, target) => {
        const forest = grow(chosen);
        const ends = [null, ...forest.branches.keys()].flatMap(
          (id) => forest.nodes.findLast(({ branchId }) => branchId === id) ?? [],
        );
        const end = ends[target % ends.length];
        if (end === undefined) return;
        const found = offshootsOf(forest.branches, end.branchId).map((one) => timesIn(forest, one));
        expect(found).toEqual(walked(forest, pathTo(end)));
      }),
      { numRuns: 300 },
    );
  });

  it('finds nothing above a message from which it is asked to begin', () => {
    assert(
      property(parents, nat(), nat(), (chosen, target, start) => {
        const forest = grow(chosen);
        const end = forest.nodes.findLast(
          ({ branchId }) => branchId === forest.nodes[target % forest.nodes.length]?.branchId,
        );
        const path = pathTo(end ?? null);
        const from = path[start % path.length];
        if (end === undefined || from === undefined) return;
        const found = offshootsOf(forest.branches, end.branchId, from.time);
        expect(found.map((one) => timesIn(forest, one))).toEqual(walked(forest, path, from));
      }),
      { numRuns: 300 },
    );
  });
});
