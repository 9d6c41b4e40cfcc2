import { LIMITS } from '@chat/shared-types';
import { Prop, Schema, SchemaFactory } from '@nestjs/mongoose';
import { Schema as MongooseSchema, Types } from 'mongoose';
import { mostCharacters } from '../persistence/most-characters.js';

/** The end of a branch: its last message, live or in the trash, and the branch's own id. */
export interface BranchEnd {
  readonly tip_id: Types.ObjectId | null;
  readonly tip_branch_id: Types.ObjectId | null;
}

/** A chat session as it is stored. */
@Schema({
  collection: 'chat_sessions',
  versionKey: false,
  timestamps: { createdAt: 'created_at', updatedAt: 'updated_at' },
})
export class StoredSession {
  _id!: Types.ObjectId;

  @Prop({ type: Types.ObjectId, required: true })
  user_id!: Types.ObjectId;

  @Prop({ type: String, required: true, validate: mostCharacters(LIMITS.sessionTitle.max) })
  title!: string;

  /** The number of live messages; changes only in the transaction that changes them. */
  @Prop({ type: Number, required: true, default: 0 })
  message_count!: number;

  @Prop({ type: Date, default: null })
  last_message_at!: Date | null;

  /** `last_message_at`, else `created_at`: what lists sort by, in one field for the index. */
  @Prop({ type: Date, required: true })
  last_activity_at!: Date;

  created_at!: Date;
  updated_at!: Date;

  /** Of the model that answers here; null for the server's default. */
  @Prop({ type: String, default: null })
  model!: string | null;

  @Prop({ type: String, default: null, validate: mostCharacters(LIMITS.systemPrompt.max) })
  system_prompt!: string | null;

  /** The last live message of the branch that is shown. */
  @Prop({ type: Types.ObjectId, default: null })
  active_message_id!: Types.ObjectId | null;

  /**
   * The last message of the branch that is shown, live or in the trash: what the next one follows,
   * so that a restored message finds its old place before it.
   */
  @Prop({ type: Types.ObjectId, default: null })
  tip_id!: Types.ObjectId | null;

  /** The branch of the tip; null for the trunk. */
  @Prop({ type: Types.ObjectId, default: null })
  tip_branch_id!: Types.ObjectId | null;

  /**
   * The branch that was shown on purpose, where all of its end is in the trash and another took its
   * place: what is restored brings it back. Null or absent where what is shown was chosen.
   */
  @Prop({ type: MongooseSchema.Types.Mixed, default: null })
  shown_before?: BranchEnd | null;

  /** Whether there is any branch beside the trunk. Never turns back. */
  @Prop({ type: Boolean, required: true, default: false })
  branched!: boolean;

  /** The folder it is in; null for none. */
  @Prop({ type: Types.ObjectId, default: null })
  folder_id!: Types.ObjectId | null;

  @Prop({ type: Boolean, required: true, default: false })
  pinned!: boolean;

  @Prop({ type: Boolean, required: true, default: false })
  archived!: boolean;

  @Prop({ type: [String], default: [] })
  tags!: string[];

  /** What each of the tags is found by (`tagKey`), in the same order. */
  @Prop({ type: [String], default: [] })
  tag_keys!: string[];

  @Prop({ type: Boolean, required: true, default: false })
  unread!: boolean;

  /** When anything of the session or of its messages last changed; never goes back. */
  @Prop({ type: Date, required: true })
  changed_at!: Date;

  /** Rises with every change, to tell apart those within one millisecond. */
  @Prop({ type: Number, required: true, default: 0 })
  change_number!: number;

  @Prop({ type: Boolean, required: true, default: false })
  deleted!: boolean;

  @Prop({ type: Date, default: null })
  deleted_at!: Date | null;

  /** What it was imported as, so that nothing comes twice; only on what was imported. */
  @Prop({ type: String })
  import_key?: string;
}

export const SessionSchema = SchemaFactory.createForClass(StoredSession);

// The list of a user's live sessions, and the trash: `SessionListsRepository.list`.
SessionSchema.index({ user_id: 1, deleted: 1, last_activity_at: -1, _id: -1 });
// The same without the archived ones and the pinned ones first, and what is archived or pinned.
SessionSchema.index({
  user_id: 1,
  deleted: 1,
  archived: 1,
  pinned: -1,
  last_activity_at: -1,
  _id: -1,
});
// The same of a folder; and all of a folder, live or in the trash, where it is deleted.
SessionSchema.index({
  user_id: 1,
  deleted: 1,
  folder_id: 1,
  archived: 1,
  pinned: -1,
  last_activity_at: -1,
  _id: -1,
});
// The same of a tag; and which tags are in use: `SessionListsRepository.liveTags`.
SessionSchema.index({
  user_id: 1,
  deleted: 1,
  tag_keys: 1,
  archived: 1,
  pinned: -1,
  last_activity_at: -1,
  _id: -1,
});
// Whether something was imported before.
SessionSchema.index(
  { user_id: 1, import_key: 1 },
  { partialFilterExpression: { import_key: { $exists: true } } },
);
// What is in the trash, the last deleted first: `TrashRepository.trashedSessions`.
SessionSchema.index(
  { user_id: 1, deleted: 1, deleted_at: -1, _id: -1 },
  { partialFilterExpression: { deleted: true } },
);
// What changed for a user, the trash included: `SessionsRepository.changedSince`.
SessionSchema.index({ user_id: 1, changed_at: 1 });
// Everything of a user in the order of an export: `ExportRepository.places`.
SessionSchema.index({ user_id: 1, created_at: 1, _id: 1 });
