import type { MessageRole } from '@chat/shared-types';
import { Prop, Schema, SchemaFactory } from '@nestjs/mongoose';
import { Types } from 'mongoose';

/** `t`: the title of a session. `m`: a message. */
export type SearchPlace = 't' | 'm';

/** What is found of one message, or of the title of one session. */
@Schema({ collection: 'search_entries', versionKey: false })
export class SearchEntry {
  /** Of the message or the session. */
  _id!: Types.ObjectId;

  @Prop({ type: Types.ObjectId, required: true })
  user_id!: Types.ObjectId;

  @Prop({ type: String, required: true, enum: ['t', 'm'] })
  place!: SearchPlace;

  @Prop({ type: Types.ObjectId, required: true })
  session_id!: Types.ObjectId;

  /** Null for a title. */
  @Prop({ type: String, default: null })
  role!: MessageRole | null;

  @Prop({ type: String, default: null })
  model!: string | null;

  /**
   * Of the message itself; of the session for a title. A message that went to the trash with its
   * session has false: sessions are looked up when somebody searches.
   */
  @Prop({ type: Boolean, required: true })
  deleted!: boolean;

  @Prop({ type: Date, default: null })
  deleted_at!: Date | null;

  /** Of the message or the session. */
  @Prop({ type: Date, required: true })
  created_at!: Date;

  /** Folded (`indexText`), with the facets among them (`facetWords`). */
  @Prop({ type: [String], required: true })
  words!: string[];
}

export const SearchEntrySchema = SchemaFactory.createForClass(SearchEntry);

// Every search: `SearchEntriesRepository.newest`.
SearchEntrySchema.index({ user_id: 1, place: 1, deleted: 1, words: 1, created_at: -1, _id: -1 });
// All of a session that is gone: `SearchEntriesRepository.removeSession`.
SearchEntrySchema.index({ user_id: 1, session_id: 1 });
