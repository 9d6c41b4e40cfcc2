import { trusted, type Model, type QueryFilter, type Types } from 'mongoose';

/** Few enough that nobody else waits long for the database. */
const BATCH = 500;

/**
 * Deletes documents for good, a few at a time. Cut short anywhere, it is simply called again.
 *
 * @param filter must be served by an index: it is asked once a batch.
 * @param beforeEach is told which documents are about to go: a place to remove what hangs on them.
 */
export async function deleteInBatches<Row>(
  model: Model<Row>,
  filter: QueryFilter<Row>,
  beforeEach: (ids: readonly Types.ObjectId[]) => Promise<void> = () => Promise.resolve(),
): Promise<void> {
  for (;;) {
    const rows = await model
      .find(filter, { _id: 1 })
      .limit(BATCH)
      .lean<{ _id: Types.ObjectId }[]>()
      .exec();
    const ids = rows.map(({ _id }) => _id);
    if (ids.length === 0) return;
    await beforeEach(ids);
    const these: QueryFilter<{ _id: Types.ObjectId }> = { _id: trusted({ $in: ids }) };
    await model.deleteMany(these as QueryFilter<Row>);
    if (ids.length < BATCH) return;
  }
}
