import { Prop, Schema, SchemaFactory } from '@nestjs/mongoose';
import { Types } from 'mongoose';

/**
 * By which import a session came: written in the transaction that makes the session be there, so
 * that undoing an import finds all of it, also where the server died before its report was stored.
 */
@Schema({ collection: 'imported_sessions', versionKey: false })
export class ImportedSession {
  /** The session's. */
  _id!: Types.ObjectId;

  @Prop({ type: Types.ObjectId, required: true })
  user_id!: Types.ObjectId;

  @Prop({ type: Types.ObjectId, required: true })
  import_id!: Types.ObjectId;
}

export const ImportedSessionSchema = SchemaFactory.createForClass(ImportedSession);

// All sessions of an import: `ImportedSessionsRepository.ofImport`.
ImportedSessionSchema.index({ user_id: 1, import_id: 1, _id: 1 });
