import type { ImportFormat } from '@chat/shared-types';
import type { ImportOutcome } from './conversation-importer.js';
import type { ImportEnding, ImportProgress, NewImportEntry } from './imports.repository.js';

/** Of a file that is read twice, the part of the bar that the first, quicker reading gets. */
const CHECKING = 0.25;

/** How far one import is, and what of its report was not stored yet. */
export class ProgressOfImport {
  format: ImportFormat | null = null;
  private readonly counts = { imported: 0, skipped: 0, failed: 0 };
  private readonly waiting: NewImportEntry[] = [];
  private number = 0;
  private checked = 0;
  private taken = 0;

  /** @param totalBytes of the file. */
  constructor(private readonly totalBytes: number) {}

  readonly check = (bytes: number): void => {
    this.checked += bytes;
  };

  readonly take = (bytes: number): void => {
    this.taken += bytes;
  };

  add(outcome: ImportOutcome): void {
    this.counts[outcome.result] += 1;
    this.waiting.push({ ...outcome, number: this.number });
    this.number += 1;
  }

  /** How many entries wait to be stored. */
  get waitingEntries(): number {
    return this.waiting.length;
  }

  takeEntries(): NewImportEntry[] {
    return this.waiting.splice(0);
  }

  get current(): ImportProgress {
    const part =
      CHECKING * fraction(this.checked, this.totalBytes) +
      (1 - CHECKING) * fraction(this.taken, this.totalBytes);
    return {
      format: this.format,
      counts: { ...this.counts },
      done_bytes: Math.floor(part * this.totalBytes),
    };
  }

  /** Nothing of the file is left, whatever else is in it. */
  get complete(): ImportEnding {
    return { ...this.current, done_bytes: this.totalBytes, status: 'done', error: null };
  }
}

function fraction(bytes: number, of: number): number {
  return of === 0 ? 1 : Math.min(1, bytes / of);
}
