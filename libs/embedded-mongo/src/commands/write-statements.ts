import { Doc, Regex, typeName, type Value } from '../bson/values.js';
import { decodeDocument } from '../bson/decode.js';
import { newObjectId } from '../bson/object-id.js';
import type { Collection } from '../catalog/catalog.js';
import { CommandError } from '../errors.js';
import { matches } from '../evaluate/matcher.js';
import { applyUpdate, upsertSeed } from '../evaluate/apply-update.js';
import type { Update } from '../evaluate/update.js';
import type { Found } from '../cursors/find-stream.js';
import { drain } from '../cursors/deadline.js';
import { ensureCollection, untilFree, type CommandContext } from './command.js';
import { collectQuery, runQuery, type Query } from './query.js';

/** What one statement did. */
export interface StatementResult {
  readonly matched: number;
  readonly modified: number;
  readonly upserted?: Value;
}

function checkId(id: Value): void {
  if (Array.isArray(id) || id instanceof Regex) {
    throw new CommandError('InvalidIdField', `The '_id' value cannot be of type ${typeName(id)}`);
  }
}

/** The document as it is stored: with an `_id`, in the first place. */
export function withLeadingId(document: Doc): Doc {
  const [first] = document.keys();
  if (first === '_id') return document;
  const id = document.get('_id') ?? newObjectId();
  const result = new Doc([['_id', id]]);
  for (const [key, value] of document) if (key !== '_id') result.set(key, value);
  return result;
}

/** Inserts one document; `raw` bytes are stored as they came where nothing has to change. */
export async function insertOne(
  context: CommandContext,
  collection: Collection,
  document: Doc,
): Promise<void> {
  const stored = withLeadingId(document);
  checkId(stored.get('_id') ?? null);
  const raw = stored === document ? document.raw : undefined;
  await untilFree(context, () =>
    context.engine.writer.insert(context.view, collection, stored, raw),
  );
}

export interface UpdateStatement {
  readonly query: Query;
  readonly update: Update;
  readonly multi: boolean;
  readonly upsert: boolean;
}

/** The documents before and after a change. */
export interface Changed {
  readonly before: Doc;
  readonly after: Doc;
}

/**
 * Looks a document up again right before changing it: since the search, another command may have
 * changed or removed it.
 */
function current(context: CommandContext, found: Found, query: Query): Doc | undefined {
  const bson = context.view.get(found.rid);
  if (!bson) return undefined;
  const document = decodeDocument(bson);
  return bson.equals(found.bson) || matches(query.predicate, document) ? document : undefined;
}

/** Updates one found document; undefined when it does not match any more. */
export async function updateFound(
  context: CommandContext,
  collection: Collection,
  found: Found,
  { query, update }: UpdateStatement,
): Promise<Changed | undefined> {
  return untilFree(context, () => {
    const before = current(context, found, query);
    if (!before) return undefined;
    const after = applyUpdate(update, {
      document: before,
      query: query.predicate,
      inserting: false,
      now: new Date(),
    });
    if (after !== before) {
      context.engine.writer.replace(context.view, collection, found.rid, before, after);
    } else context.view.claim(found.rid);
    return { before, after };
  });
}

/** Finds the first document in the order of the query, or undefined. */
export async function findFirst(
  context: CommandContext,
  collection: Collection,
  query: Query,
): Promise<Found | undefined> {
  const [found] = await drain(
    runQuery(context, collection, { ...query, limit: 1 }),
    context.deadline,
  );
  return found;
}

/** Builds and inserts the document of an upsert. */
export async function upsert(
  context: CommandContext,
  collection: Collection,
  { query, update }: UpdateStatement,
): Promise<Doc> {
  const seed = upsertSeed(query.predicate);
  const document = withLeadingId(
    applyUpdate(update, {
      document: seed,
      query: query.predicate,
      inserting: true,
      now: new Date(),
    }),
  );
  await insertOne(context, collection, document);
  return document;
}

/** What became of the first document of a query, or of the one inserted in its place. */
export interface FirstChange {
  readonly changed?: Changed;
  readonly inserted?: Doc;
}

/**
 * Updates the first document that the query finds, or inserts one for an upsert. Two upserts that
 * both found nothing meet at the unique index: the later one then updates what the other inserted.
 */
export async function changeFirst(
  context: CommandContext,
  collection: Collection,
  statement: UpdateStatement,
): Promise<FirstChange> {
  let duplicate: CommandError | undefined;
  for (;;) {
    const found = await findFirst(context, collection, statement.query);
    if (found) {
      const changed = await updateFound(context, collection, found, statement);
      if (changed) return { changed };
      continue;
    }
    if (!statement.upsert) return {};
    if (duplicate !== undefined) throw duplicate;
    try {
      return { inserted: await upsert(context, collection, statement) };
    } catch (error) {
      if (!(error instanceof CommandError) || error.codeName !== 'DuplicateKey') throw error;
      if (context.transaction) throw error;
      duplicate = error;
    }
  }
}

export async function runUpdate(
  context: CommandContext,
  db: string,
  name: string,
  statement: UpdateStatement,
): Promise<StatementResult> {
  const known = context.engine.catalog.find(db, name);
  if (!known && !statement.upsert) return { matched: 0, modified: 0 };
  const collection = ensureCollection(context, db, name);
  if (statement.multi) return updateMany(context, collection, statement);
  const { changed, inserted } = await changeFirst(context, collection, statement);
  if (changed) return { matched: 1, modified: changed.before === changed.after ? 0 : 1 };
  if (inserted) return { matched: 0, modified: 0, upserted: inserted.get('_id') ?? null };
  return { matched: 0, modified: 0 };
}

async function upsertResult(
  context: CommandContext,
  collection: Collection,
  statement: UpdateStatement,
): Promise<StatementResult> {
  const document = await upsert(context, collection, statement);
  return { matched: 0, modified: 0, upserted: document.get('_id') ?? null };
}

async function updateMany(
  context: CommandContext,
  collection: Collection,
  statement: UpdateStatement,
): Promise<StatementResult> {
  // All are found before any is changed: an update may move entries ahead of the search.
  const found = await collectQuery(context, collection, statement.query);
  if (found.length === 0 && statement.upsert) return upsertResult(context, collection, statement);
  let matched = 0;
  let modified = 0;
  for (const each of found) {
    const changed = await updateFound(context, collection, each, statement);
    if (!changed) continue;
    matched++;
    if (changed.before !== changed.after) modified++;
  }
  return { matched, modified };
}

/** Removes one found document; its last state, or undefined when it does not match any more. */
export async function removeFound(
  context: CommandContext,
  collection: Collection,
  found: Found,
  query: Query,
): Promise<Doc | undefined> {
  return untilFree(context, () => {
    const before = current(context, found, query);
    if (before) context.engine.writer.remove(context.view, collection, found.rid, before);
    return before;
  });
}

export async function runDelete(
  context: CommandContext,
  collection: Collection | undefined,
  query: Query,
  multi: boolean,
): Promise<number> {
  if (!collection) return 0;
  if (!multi) {
    for (;;) {
      const found = await findFirst(context, collection, query);
      if (!found) return 0;
      if (await removeFound(context, collection, found, query)) return 1;
    }
  }
  let removed = 0;
  for (const found of await collectQuery(context, collection, query)) {
    if (await removeFound(context, collection, found, query)) removed++;
  }
  return removed;
}

/** Errors that end the whole command instead of one statement. */
export function isStatementError(error: unknown, inTransaction: boolean): error is CommandError {
  if (!(error instanceof CommandError)) return false;
  const transient = error.details.labels?.includes('TransientTransactionError') === true;
  return !(inTransaction && transient) && error.codeName !== 'MaxTimeMSExpired';
}
