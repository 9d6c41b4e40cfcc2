import type { Types } from 'mongoose';
import { Wakeup } from '../common/sse/wakeup.js';
import type { FolderChange } from '../folders/folder-change.schema.js';
import type { StoredSession } from '../sessions/session.schema.js';

/** One thing that a page is told. */
export type Change =
  | { readonly kind: 'session'; readonly session: StoredSession }
  | { readonly kind: 'folders'; readonly change: FolderChange };

/**
 * What one open page has not been told yet: of each session that changed the newest state, however
 * often it changed, so what a slow page holds is bounded by the number of its sessions.
 */
export class ChangeListener {
  private readonly pending = new Map<string, StoredSession>();
  /** The newest change of each session that was offered lately. */
  private readonly known = new Map<string, { number: number; at: number }>();
  private pendingFolders: FolderChange | undefined;
  private knownFolders = -1;
  private readonly wakeup = new Wakeup();

  constructor(readonly userId: Types.ObjectId) {}

  /** Takes sessions as they were read, in any order and as often as anybody likes. */
  offer(sessions: readonly StoredSession[]): void {
    for (const session of sessions) {
      const id = session._id.toHexString();
      if ((this.known.get(id)?.number ?? -1) >= session.change_number) continue;
      this.known.set(id, { number: session.change_number, at: session.changed_at.getTime() });
      this.pending.set(id, session);
    }
    if (this.pending.size > 0) this.wakeup.ring();
  }

  /** The same of the user's folders as a whole. */
  offerFolders(change: FolderChange): void {
    if (this.knownFolders >= change.change_number) return;
    this.knownFolders = change.change_number;
    this.pendingFolders = change;
    this.wakeup.ring();
  }

  /** Forgets what was known of changes before a time: nobody offers them any more. */
  forgetBefore(time: number): void {
    for (const [id, { at }] of this.known) if (at < time) this.known.delete(id);
  }

  /** @returns one change, or undefined where nothing waits. */
  take(): Change | undefined {
    const change = this.pendingFolders;
    this.pendingFolders = undefined;
    if (change !== undefined) return { kind: 'folders', change };
    for (const [id, session] of this.pending) {
      this.pending.delete(id);
      return { kind: 'session', session };
    }
    return undefined;
  }

  /** Resolves when something waits, or after `wake`. */
  waits(): Promise<void> {
    return this.wakeup.next();
  }

  /** Bound, to be handed over as a listener. */
  readonly wake = (): void => {
    this.wakeup.ring();
  };
}
