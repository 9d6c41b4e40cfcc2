/** A folder as a node; ids as text. */
export interface FolderNode {
  readonly id: string;
  readonly parentId: string | null;
  readonly position: number;
}

/** Where a folder stands. */
export type FolderPlace = Pick<FolderNode, 'parentId' | 'position'>;

/**
 * All folders of one user. The places that it answers keep the positions of siblings from 0 on
 * without gaps; nothing in it changes.
 */
export class FolderForest {
  private readonly nodes: ReadonlyMap<string, FolderNode>;
  private readonly children = new Map<string | null, string[]>();

  constructor(nodes: readonly FolderNode[]) {
    this.nodes = new Map(nodes.map((node) => [node.id, node]));
    for (const { id, parentId } of [...nodes].sort((a, b) => a.position - b.position)) {
      const siblings = this.children.get(parentId);
      if (siblings === undefined) this.children.set(parentId, [id]);
      else siblings.push(id);
    }
  }

  get size(): number {
    return this.nodes.size;
  }

  has(id: string): boolean {
    return this.nodes.has(id);
  }

  /** In their order. */
  childrenOf(id: string | null): readonly string[] {
    return this.children.get(id) ?? [];
  }

  /** 1 for a folder at the top, 0 for what holds it. */
  depthOf(id: string | null): number {
    let depth = 0;
    for (let at = id; at !== null; at = this.nodes.get(at)?.parentId ?? null) depth += 1;
    return depth;
  }

  /** How many levels a folder and what it holds take: 1 for one without others in it. */
  heightOf(id: string): number {
    return 1 + Math.max(0, ...this.childrenOf(id).map((child) => this.heightOf(child)));
  }

  /** Whether a folder (or the top) is another one or lies somewhere in it. */
  isWithin(id: string | null, other: string): boolean {
    for (let at = id; at !== null; at = this.nodes.get(at)?.parentId ?? null) {
      if (at === other) return true;
    }
    return false;
  }

  /**
   * Moves a folder, which may be a new one.
   *
   * @param position among its siblings; the last where it is beyond them.
   * @returns the places of all folders that stand elsewhere then, by id.
   */
  placing(id: string, parentId: string | null, position: number): Map<string, FolderPlace> {
    const left = this.nodes.get(id)?.parentId;
    const siblings = this.childrenOf(parentId).filter((one) => one !== id);
    siblings.splice(position, 0, id);
    return new Map([
      ...(left === undefined || left === parentId
        ? []
        : this.renumbering(
            left,
            this.childrenOf(left).filter((one) => one !== id),
          )),
      ...this.renumbering(parentId, siblings),
    ]);
  }

  /**
   * Dissolves a folder: what it holds comes behind what its parent holds.
   *
   * @returns the places of all others that stand elsewhere then, by id.
   */
  dissolving(id: string): Map<string, FolderPlace> {
    const parentId = this.nodes.get(id)?.parentId ?? null;
    const others = this.childrenOf(parentId).filter((one) => one !== id);
    return this.renumbering(parentId, [...others, ...this.childrenOf(id)]);
  }

  private renumbering(parentId: string | null, order: readonly string[]): Map<string, FolderPlace> {
    const moved = new Map<string, FolderPlace>();
    order.forEach((id, position) => {
      const now = this.nodes.get(id);
      if (now?.parentId === parentId && now.position === position) return;
      moved.set(id, { parentId, position });
    });
    return moved;
  }
}
