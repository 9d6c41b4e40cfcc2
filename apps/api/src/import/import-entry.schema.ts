import { IMPORT_RESULTS, type ImportResult } from '@chat/shared-types';
import { Prop, Schema, SchemaFactory } from '@nestjs/mongoose';
import { Types } from 'mongoose';

/** What became of one conversation: a line of an import's report. */
@Schema({ collection: 'import_entries', versionKey: false })
export class StoredImportEntry {
  _id!: Types.ObjectId;

  @Prop({ type: Types.ObjectId, required: true })
  user_id!: Types.ObjectId;

  @Prop({ type: Types.ObjectId, required: true })
  import_id!: Types.ObjectId;

  /** Its place in the report, from 0. */
  @Prop({ type: Number, required: true })
  number!: number;

  @Prop({ type: String, default: '' })
  title!: string;

  @Prop({ type: String, required: true, enum: IMPORT_RESULTS })
  result!: ImportResult;

  @Prop({ type: String, default: null })
  reason!: string | null;

  @Prop({ type: Types.ObjectId, default: null })
  session_id!: Types.ObjectId | null;
}

export const ImportEntrySchema = SchemaFactory.createForClass(StoredImportEntry);

// The report of an import in its order: `ImportsRepository.report`.
ImportEntrySchema.index({ user_id: 1, import_id: 1, number: 1 });
