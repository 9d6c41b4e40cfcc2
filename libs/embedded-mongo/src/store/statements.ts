import type BetterSqlite3 from 'better-sqlite3';
import type { KeyRange } from './key-range.js';
import type { Entry, StoredDocument } from './view.js';

/** A prepared statement with parameters by position. */
export type Statement = BetterSqlite3.Statement;

/** Up to so many keys are read one by one. */
const FEW = 8;

/**
 * The prepared statements of one SQLite connection, and reading through them: the methods of `View`,
 * of what is in the tables.
 */
export class StoreReader {
  private readonly getDocument: Statement;
  private readonly forward: Statement;
  private readonly backward: Statement;
  private readonly documentsForward: Statement;
  private readonly documentsBackward: Statement;
  private readonly oneTailForward: Statement;
  private readonly oneTailBackward: Statement;
  private readonly fewTailsForward: Statement;
  private readonly fewTailsBackward: Statement;
  private readonly tailsForward: Statement;
  private readonly tailsBackward: Statement;
  private readonly counter: Statement;
  private readonly scanner: Statement;

  constructor(readonly database: BetterSqlite3.Database) {
    const inRange = 'WHERE i.key >= ? AND i.key < ? ORDER BY i.key';
    // CROSS JOIN fixes the order of the join: entries first, then their documents.
    const joined = `FROM idx i CROSS JOIN docs d ON d.rid = i.rid ${inRange}`;
    this.getDocument = database.prepare('SELECT bson FROM docs WHERE rid = ?').pluck();
    this.forward = database.prepare(`SELECT i.key, i.rid, d.bson ${joined} LIMIT ?`).raw();
    this.backward = database.prepare(`SELECT i.key, i.rid, d.bson ${joined} DESC LIMIT ?`).raw();
    this.documentsForward = database.prepare(`SELECT d.bson ${joined} LIMIT ?`).pluck();
    this.documentsBackward = database.prepare(`SELECT d.bson ${joined} DESC LIMIT ?`).pluck();
    const inKeys = 'FROM idx WHERE key >= ? AND key < ? ORDER BY key';
    const one = `SELECT substr(key, ?) ${inKeys}`;
    this.oneTailForward = database.prepare(`${one} LIMIT 1`).pluck();
    this.oneTailBackward = database.prepare(`${one} DESC LIMIT 1`).pluck();
    this.fewTailsForward = database.prepare(`SELECT substr(key, ?) ${inKeys} LIMIT ?`).pluck();
    this.fewTailsBackward = database
      .prepare(`SELECT substr(key, ?) ${inKeys} DESC LIMIT ?`)
      .pluck();
    // Many keys come as one value, because a value that crosses into JavaScript costs more than
    // reading its row; a few do not make up for the aggregation. SQLite keeps the order of a
    // subquery with a limit.
    const joinedTails = (direction: string) => `
      SELECT CAST(group_concat(tail, '') AS BLOB), group_concat(length(tail)),
        min(length(tail)), max(length(tail))
      FROM (SELECT substr(key, ?) AS tail ${inKeys} ${direction} LIMIT ?)`;
    this.tailsForward = database.prepare(joinedTails('ASC')).raw();
    this.tailsBackward = database.prepare(joinedTails('DESC')).raw();
    this.counter = database
      .prepare('SELECT count(*) FROM idx i WHERE i.key >= ? AND i.key < ?')
      .pluck();
    this.scanner = database
      .prepare('SELECT rid, bson FROM docs WHERE rid >= ? AND rid < ? ORDER BY rid LIMIT ?')
      .raw();
  }

  get(rid: number): Buffer | undefined {
    return this.getDocument.get(rid) as Buffer | undefined;
  }

  entries({ from, to }: KeyRange, backward: boolean, limit: number): Entry[] {
    const statement = backward ? this.backward : this.forward;
    const rows = statement.all(from, to, limit) as [Buffer, number, Buffer][];
    return rows.map(([key, rid, bson]) => ({ key, rid, bson }));
  }

  documents({ from, to }: KeyRange, backward: boolean, limit: number): Buffer[] {
    const statement = backward ? this.documentsBackward : this.documentsForward;
    return statement.all(from, to, limit) as Buffer[];
  }

  tails({ from, to }: KeyRange, skip: number, backward: boolean, limit: number): string[] {
    if (limit === 1) {
      const one = backward ? this.oneTailBackward : this.oneTailForward;
      const tail = one.get(skip + 1, from, to) as Buffer | undefined;
      return tail ? [tail.toString('latin1')] : [];
    }
    if (limit <= FEW) {
      const few = backward ? this.fewTailsBackward : this.fewTailsForward;
      const rows = few.all(skip + 1, from, to, limit) as Buffer[];
      return rows.map((row) => row.toString('latin1'));
    }
    const statement = backward ? this.tailsBackward : this.tailsForward;
    const row = statement.get(skip + 1, from, to, limit) as
      [Buffer, string, number, number] | [null, null, null, null];
    if (row[0] === null) return [];
    const [bytes, lengths, shortest, longest] = row;
    const text = bytes.toString('latin1');
    const tails: string[] = [];
    if (shortest === longest) {
      for (let at = 0; at < text.length; at += longest) tails.push(text.slice(at, at + longest));
      return tails;
    }
    let at = 0;
    for (const length of lengths.split(',')) tails.push(text.slice(at, (at += Number(length))));
    return tails;
  }

  countEntries({ from, to }: KeyRange): number {
    return this.counter.get(from, to) as number;
  }

  scan(fromRid: number, toRid: number, limit: number): StoredDocument[] {
    const rows = this.scanner.all(fromRid, toRid, limit) as [number, Buffer][];
    return rows.map(([rid, bson]) => ({ rid, bson }));
  }
}
