import { Injectable } from '@nestjs/common';
import type { Types } from 'mongoose';

type Listener = (userId: string) => void;

/**
 * Tells within this process that something of a user's sessions changed. What it was stands in the
 * database (`SessionsRepository.changedSince`), which also tells of other processes' changes, only
 * later. So whoever announces does it after the commit, and a lost announcement is only a delay.
 */
@Injectable()
export class SessionChanges {
  private readonly listeners = new Set<Listener>();

  announce(userId: Types.ObjectId): void {
    const id = userId.toHexString();
    for (const listener of this.listeners) listener(id);
  }

  /** @returns what ends it. */
  subscribe(listener: Listener): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }
}
