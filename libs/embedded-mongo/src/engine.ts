import { Catalog } from './catalog/catalog.js';
import { ExpirySweeper } from './catalog/expiry-sweeper.js';
import { DocumentWriter } from './catalog/document-writer.js';
import { indexLeftBehind } from './catalog/index-left-behind.js';
import { CursorRegistry } from './cursors/cursor.js';
import type { Store } from './store/store.js';
import { NewestView } from './transactions/newest-view.js';
import { SessionRegistry } from './transactions/sessions.js';
import { Transaction } from './transactions/transaction.js';
import { WriteLocks } from './transactions/write-locks.js';
import { ClusterClock } from './transactions/cluster-clock.js';

/** Everything behind the wire, put together once a process. */
export class Engine {
  readonly catalog: Catalog;
  readonly locks = new WriteLocks();
  readonly newest: NewestView;
  readonly writer: DocumentWriter;
  readonly cursors = new CursorRegistry();
  readonly sessions: SessionRegistry;
  readonly clock = new ClusterClock();
  readonly expiry: ExpirySweeper;

  constructor(
    readonly store: Store,
    /** What clients connect to, told in `hello`. */
    readonly address: string,
  ) {
    this.catalog = new Catalog(store);
    indexLeftBehind(store, this.catalog);
    this.newest = new NewestView(store, this.locks);
    this.writer = new DocumentWriter(this.catalog);
    this.expiry = new ExpirySweeper(this.catalog, this.newest, this.writer);
    this.sessions = new SessionRegistry(store, (session) =>
      this.cursors.removeOwnedBy(`${session.id}:${String(session.txnNumber)}`),
    );
  }

  /** Call when nothing waits to be settled. */
  openTransaction(): Transaction {
    return new Transaction(this.store, this.locks, this.catalog.generation);
  }

  close(): void {
    this.expiry.stop();
    this.cursors.close();
    this.sessions.close();
    this.store.close();
  }
}
