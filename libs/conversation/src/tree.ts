/** A message as far as the tree of its conversation is concerned. */
export interface TreeNode {
  readonly _id: string;
  /** Null for a first message. */
  readonly parent_id: string | null;
  /** Rises from message to message: ISO 8601 UTC with milliseconds, which sorts as text. */
  readonly created_at: string;
}

/** Nodes by id, and by parent in the order of time. */
export class ConversationTree<Node extends TreeNode> {
  private readonly byId = new Map<string, Node>();
  private readonly byParent = new Map<string | null, Node[]>();

  /** @param nodes in any order; a parent may be missing, its children are then no one's. */
  constructor(nodes: Iterable<Node>) {
    const sorted = [...nodes].sort(byTime);
    for (const node of sorted) {
      this.byId.set(node._id, node);
      const siblings = this.byParent.get(node.parent_id);
      if (siblings === undefined) this.byParent.set(node.parent_id, [node]);
      else siblings.push(node);
    }
  }

  get(id: string): Node | undefined {
    return this.byId.get(id);
  }

  /** What follows a message directly, oldest first; the first messages for null. */
  childrenOf(id: string | null): readonly Node[] {
    return this.byParent.get(id) ?? [];
  }

  /** From the root to this message; empty where there is no such message. */
  pathTo(id: string): Node[] {
    const path: Node[] = [];
    let node = this.byId.get(id);
    // A parent is always earlier, so a circle, which nobody can store, would end at its latest node.
    while (node !== undefined) {
      path.push(node);
      const parent: Node | undefined =
        node.parent_id === null ? undefined : this.byId.get(node.parent_id);
      node = parent !== undefined && byTime(parent, node) < 0 ? parent : undefined;
    }
    return path.reverse();
  }

  /** The versions of a message, itself among them, oldest first. */
  siblingsOf(id: string): readonly Node[] {
    const node = this.byId.get(id);
    return node === undefined ? [] : this.childrenOf(node.parent_id);
  }

  /** The latest of the messages below this one, which is a leaf; itself where nothing follows. */
  newestLeafBelow(id: string): Node | undefined {
    const start = this.byId.get(id);
    if (start === undefined) return undefined;
    let newest = start;
    const below: Node[] = [start];
    for (const node of below) {
      if (byTime(node, newest) > 0) newest = node;
      for (const child of this.childrenOf(node._id)) {
        if (byTime(child, node) > 0) below.push(child);
      }
    }
    return newest;
  }
}

/** Earlier first; among equals, which only foreign data can have, by id. */
function byTime(a: TreeNode, b: TreeNode): number {
  if (a.created_at !== b.created_at) return a.created_at < b.created_at ? -1 : 1;
  if (a._id === b._id) return 0;
  return a._id < b._id ? -1 : 1;
}
