import type { DraftMessage } from '../../messages/session-draft.js';
import type { Remarks } from './remarks.js';

/** A message of a file before it has its place: what follows what is as the file says, right or not. */
export interface LooseMessage extends Omit<DraftMessage, 'created_at' | 'parentId'> {
  /** What the file says it follows; anything but the id of another message is the root. */
  readonly parentId: string | null;
  /** Undefined where the file does not say. */
  readonly createdAt: Date | undefined;
  /**
   * Nobody sees it: what follows it follows what it follows. The root and hidden nodes of ChatGPT
   * are such, and what cannot be shown.
   */
  readonly hidden?: boolean;
}

/** A message whose text is parted; the parts follow each other. */
export interface Arranged {
  readonly messages: DraftMessage[];
  /** The id of the message that stands for this one: itself, or what it follows where it is hidden. */
  readonly shown: (id: string) => string | null;
}

/**
 * Makes a tree of messages, in the order in which they are stored: parents before their children,
 * otherwise by time, each one later than its parent.
 *
 * Nothing is lost to a file's errors: what follows nothing that is there is put behind the last
 * message before it, a circle is opened where it was met first, and of an id that comes twice the
 * first one counts. Iterative: a conversation may be a path of many thousands.
 *
 * @param fallback for a first message without a time.
 */
export function arrange(
  loose: readonly LooseMessage[],
  fallback: Date,
  remarks: Remarks,
): Arranged {
  const byId = new Map<string, LooseMessage>();
  for (const message of loose) {
    if (!byId.has(message.id)) byId.set(message.id, message);
    else if (message.hidden !== true) remarks.add('duplicates');
  }
  const parents = parentsOf(byId, remarks);
  const order = parentsFirst(byId, parents);
  const shown = new Map<string, string | null>();
  const times = new Map<string, number>();
  const rows: DraftMessage[] = [];
  for (const message of order) {
    const { id, createdAt, hidden, ...rest } = message;
    const parent = parents.get(id) ?? null;
    const parentId = parent === null ? null : (shown.get(parent) ?? null);
    const before = parentId === null ? undefined : times.get(parentId);
    if (hidden === true) {
      shown.set(id, parentId);
      continue;
    }
    const own = createdAt?.getTime() ?? before ?? fallback.getTime();
    const time = Math.max(own, (before ?? -Infinity) + 1);
    shown.set(id, id);
    times.set(id, time);
    rows.push({ ...rest, id, parentId, created_at: new Date(time) });
  }
  // Stable, and a child is always later than its parent: parents stay before their children.
  rows.sort((a, b) => a.created_at.getTime() - b.created_at.getTime());
  return { messages: rows, shown: (id) => shown.get(id) ?? null };
}

/** By id: what each follows, with every error of the file mended. */
function parentsOf(
  byId: ReadonlyMap<string, LooseMessage>,
  remarks: Remarks,
): Map<string, string | null> {
  const parents = new Map<string, string | null>();
  // What several messages follow without its being there is the root under another name.
  let rootName: string | undefined;
  let previous: string | null = null;
  const followed = new Set<string>();
  for (const { id, parentId, hidden } of byId.values()) {
    if (parentId === null || byId.has(parentId)) {
      parents.set(id, parentId);
    } else {
      if (previous === null) rootName = parentId;
      // Nothing is put behind what follows it itself.
      const isFirst = previous === null || parentId === rootName || followed.has(id);
      if (!isFirst && hidden !== true) remarks.add('orphans');
      parents.set(id, isFirst ? null : previous);
    }
    if (parentId !== null) followed.add(parentId);
    previous = id;
  }
  openCircles(parents, remarks);
  return parents;
}

/** Cuts every circle at the message of it that is met first, which then begins at the root. */
function openCircles(parents: Map<string, string | null>, remarks: Remarks): void {
  const checked = new Set<string>();
  for (const start of parents.keys()) {
    const path = new Set<string>();
    let at: string | null = start;
    while (at !== null && !checked.has(at)) {
      path.add(at);
      const next: string | null = parents.get(at) ?? null;
      if (next !== null && path.has(next)) {
        remarks.add('cycles');
        parents.set(next, null);
        break;
      }
      at = next;
    }
    for (const id of path) checked.add(id);
  }
}

/** In the order of the file, but parents before their children. */
function parentsFirst(
  byId: ReadonlyMap<string, LooseMessage>,
  parents: ReadonlyMap<string, string | null>,
): LooseMessage[] {
  const order: LooseMessage[] = [];
  const done = new Set<string>();
  for (const start of byId.keys()) {
    const path: string[] = [];
    for (let at: string | null = start; at !== null && !done.has(at);) {
      path.push(at);
      at = parents.get(at) ?? null;
    }
    for (const id of path.reverse()) {
      const message = byId.get(id);
      if (message === undefined || done.has(id)) continue;
      done.add(id);
      order.push(message);
    }
  }
  return order;
}
