import { Injectable } from '@nestjs/common';
import type { Types } from 'mongoose';

/** UTF-16 code units of message text that are kept for all users together: about 8 MB. */
const MOST_TEXT = 4_000_000;
/** What a row costs beside its text, in the same measure. */
const ROW_OVERHEAD = 500;

/** What a page is made of, as far as its size goes. */
interface SizedPage {
  readonly rows: readonly { readonly content: string; readonly reasoning: string | null }[];
}

interface Entry {
  readonly changeNumber: number;
  readonly page: SizedPage;
  readonly size: number;
}

/**
 * Pages of messages as they were answered, each good for as long as its session's change number is
 * the one that was read before it: the transaction of every change raises that number, whichever
 * process makes it. Whoever opens a chat again, in another tab or after a change elsewhere, costs
 * the database one small read.
 *
 * The least recently used pages go first when the memory set aside is full.
 */
@Injectable()
export class RecentPages {
  private readonly entries = new Map<string, Entry>();
  private size = 0;

  /**
   * The page of a session that answers a question, from memory or by `read`.
   *
   * @param changeNumber the session's, read before `read` is called: what `read` then finds is at
   *   least as new, so a page can only be thrown away too early.
   * @param question names the list and the part of it.
   * @param isSettled whether the page may be kept: no row of it changes without a change of the
   *   session.
   */
  async page<Page extends SizedPage>(
    sessionId: Types.ObjectId,
    changeNumber: number,
    question: string,
    read: () => Promise<Page>,
    isSettled: (page: Page) => boolean,
  ): Promise<Page> {
    const key = `${sessionId.toHexString()} ${question}`;
    const kept = this.entries.get(key);
    if (kept !== undefined) {
      this.forget(key);
      if (kept.changeNumber === changeNumber) {
        this.keep(key, kept);
        // One question has one type of page: it is asked in one place.
        return kept.page as Page;
      }
    }
    const page = await read();
    const size = sizeOf(page);
    if (isSettled(page) && size <= MOST_TEXT / 4) this.keep(key, { changeNumber, page, size });
    return page;
  }

  private keep(key: string, entry: Entry): void {
    this.forget(key);
    this.entries.set(key, entry);
    this.size += entry.size;
    for (const oldest of this.entries.keys()) {
      if (this.size <= MOST_TEXT) break;
      this.forget(oldest);
    }
  }

  private forget(key: string): void {
    this.size -= this.entries.get(key)?.size ?? 0;
    this.entries.delete(key);
  }
}

function sizeOf({ rows }: SizedPage): number {
  return rows.reduce(
    (sum, { content, reasoning }) => sum + content.length + (reasoning?.length ?? 0) + ROW_OVERHEAD,
    ROW_OVERHEAD,
  );
}
