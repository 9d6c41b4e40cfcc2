import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import { trusted, type Model, Types } from 'mongoose';
import { StoredSession } from '../sessions/session.schema.js';
import { ImportedSession } from './imported-session.schema.js';

const ID = /^[0-9a-f]{24}$/i;

/** Which sessions of one owner came from a file; every method sees those of one owner alone. */
@Injectable()
export class ImportedSessionsRepository {
  constructor(
    @InjectModel(StoredSession.name) private readonly model: Model<StoredSession>,
    @InjectModel(ImportedSession.name) private readonly notes: Model<ImportedSession>,
  ) {}

  /** Notes, in the caller's transaction, by which import a session came. */
  async note(session: ImportedSession): Promise<void> {
    await this.notes.insertMany([session], { lean: true });
  }

  async forget(userId: Types.ObjectId, sessionId: Types.ObjectId): Promise<void> {
    await this.notes.deleteOne({ _id: sessionId, user_id: userId });
  }

  /** The sessions that came by an import, wherever they are now. */
  async ofImport(userId: Types.ObjectId, importId: Types.ObjectId): Promise<Types.ObjectId[]> {
    const rows = await this.notes
      .find({ user_id: userId, import_id: importId }, { _id: 1 })
      .sort({ _id: 1 })
      .lean()
      .exec();
    return rows.map(({ _id }) => _id);
  }

  /**
   * Whether a conversation is there already: as what was imported before, or, where it is one of
   * ours, as the session itself.
   *
   * @param inTrash whether one in the trash counts too.
   */
  async has(
    userId: Types.ObjectId,
    importKey: string,
    sourceId: string | undefined,
    inTrash: boolean,
  ): Promise<boolean> {
    const state = inTrash ? {} : { deleted: false };
    const keyed = { user_id: userId, import_key: importKey, ...state };
    if ((await this.model.exists(keyed)) !== null) return true;
    if (sourceId === undefined || !ID.test(sourceId)) return false;
    const itself = { _id: new Types.ObjectId(sourceId), user_id: userId, ...state };
    return (await this.model.exists(itself)) !== null;
  }

  /** Which of these sessions are still live. */
  async live(
    userId: Types.ObjectId,
    ids: readonly Types.ObjectId[],
  ): Promise<readonly Types.ObjectId[]> {
    const rows = await this.model
      .find({ _id: trusted({ $in: ids }), user_id: userId, deleted: false }, { _id: 1 })
      .lean()
      .exec();
    return rows.map(({ _id }) => _id);
  }
}
