import { array, assert, nat, option, property, tuple, boolean } from 'fast-check';
import type { Branch } from '@chat/conversation';
import { Types } from 'mongoose';
import { Ancestry } from './ancestry.js';

interface Node {
  readonly _id: Types.ObjectId;
  readonly parent: Node | null;
  readonly parent_id: Types.ObjectId | null;
  readonly branch_id: Types.ObjectId | null;
  readonly created_at: Date;
  readonly kept: boolean;
}

/** A tree that grows by the rule of the product; some of its nodes are not in the document. */
function grow(choices: readonly (readonly [number | null, boolean])[]): {
  nodes: Node[];
  branches: Map<string, Branch>;
} {
  const nodes: Node[] = [];
  const branches = new Map<string, Branch>();
  for (const [time, [chosen, kept]] of choices.entries()) {
    const parent = chosen === null || time === 0 ? null : (nodes[chosen % time] ?? null);
    const inherited = parent?.branch_id ?? null;
    const taken = nodes.some((one) => one.parent === parent && one.branch_id === inherited);
    const branch_id = taken ? new Types.ObjectId() : inherited;
    if (taken && branch_id !== null) {
      const forkTime = parent?.created_at.getTime() ?? null;
      const id = branch_id.toHexString();
      branches.set(id, { id, parentId: inherited?.toHexString() ?? null, forkTime });
    }
    const parent_id = parent?._id ?? null;
    const created_at = new Date(time);
    nodes.push({ _id: new Types.ObjectId(), parent, parent_id, branch_id, created_at, kept });
  }
  return { nodes, branches };
}

describe('the ancestry in a document', () => {
  it('is the nearest message of the path that is in it, in any tree with any gaps', () => {
    const choices = array(tuple(option(nat({ max: 1_000 }), { freq: 6 }), boolean()), {
      minLength: 1,
      maxLength: 40,
    });
    assert(
      property(choices, (chosen) => {
        const { nodes, branches } = grow(chosen);
        const ancestry = new Ancestry(branches);
        for (const node of nodes.filter(({ kept }) => kept)) {
          let nearest = node.parent;
          while (nearest !== null && !nearest.kept) nearest = nearest.parent;
          expect(ancestry.add(node)).toBe(nearest?._id.toHexString() ?? null);
        }
      }),
    );
  });
});
