import {
  IMPORT_FORMATS,
  IMPORT_STATUSES,
  type ImportCounts,
  type ImportFormat,
  type ImportStatus,
} from '@chat/shared-types';
import { Prop, Schema, SchemaFactory } from '@nestjs/mongoose';
import { Schema as MongooseSchema, Types } from 'mongoose';

/** An import, without its report. */
@Schema({ collection: 'imports', versionKey: false })
export class StoredImport {
  _id!: Types.ObjectId;

  @Prop({ type: Types.ObjectId, required: true })
  user_id!: Types.ObjectId;

  @Prop({ type: String, required: true, enum: IMPORT_STATUSES })
  status!: ImportStatus;

  @Prop({ type: Boolean, required: true })
  dry_run!: boolean;

  @Prop({ type: String, enum: [...IMPORT_FORMATS, null], default: null })
  format!: ImportFormat | null;

  /** Of the file, in bytes. */
  @Prop({ type: Number, required: true })
  total_bytes!: number;

  @Prop({ type: Number, required: true, default: 0 })
  done_bytes!: number;

  @Prop({ type: MongooseSchema.Types.Mixed, required: true })
  counts!: ImportCounts;

  @Prop({ type: String, default: null })
  error!: string | null;

  /** The folders that it made. */
  @Prop({ type: [Types.ObjectId], default: [] })
  folder_ids!: Types.ObjectId[];

  /** The process that runs it. */
  @Prop({ type: String, required: true })
  owner!: string;

  /** Rises while the owner lives. */
  @Prop({ type: Number, required: true, default: 0 })
  beat!: number;

  @Prop({ type: Date, required: true })
  created_at!: Date;
}

export const ImportSchema = SchemaFactory.createForClass(StoredImport);

// A user's imports, newest first: `ImportsRepository.list`.
ImportSchema.index({ user_id: 1, created_at: -1, _id: -1 });
// One at a time for each user, through all processes: `ImportsRepository.begin`.
ImportSchema.index(
  { user_id: 1 },
  { unique: true, partialFilterExpression: { status: 'running' }, name: 'one_running_a_user' },
);
// All that run: `ImportsRepository.running`.
ImportSchema.index({ status: 1 });
