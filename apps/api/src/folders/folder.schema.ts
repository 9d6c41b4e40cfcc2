import { FOLDER_COLORS, LIMITS, type FolderColor } from '@chat/shared-types';
import { Prop, Schema, SchemaFactory } from '@nestjs/mongoose';
import { Types } from 'mongoose';
import { mostCharacters } from '../persistence/most-characters.js';

/** A folder as it is stored. */
@Schema({ collection: 'folders', versionKey: false })
export class StoredFolder {
  _id!: Types.ObjectId;

  @Prop({ type: Types.ObjectId, required: true })
  user_id!: Types.ObjectId;

  @Prop({ type: String, required: true, validate: mostCharacters(LIMITS.folderName.max) })
  name!: string;

  /** The folder that holds it; null at the top. */
  @Prop({ type: Types.ObjectId, default: null })
  parent_id!: Types.ObjectId | null;

  @Prop({ type: String, enum: [...FOLDER_COLORS, null], default: null })
  color!: FolderColor | null;

  /** From 0 without gaps among those with the same parent. */
  @Prop({ type: Number, required: true })
  position!: number;

  /**
   * Rises with every session that is put into it, by which that and the deletion of the folder
   * cannot both happen at once.
   */
  @Prop({ type: Number, required: true, default: 0 })
  claims!: number;

  @Prop({ type: Date, required: true })
  created_at!: Date;

  @Prop({ type: Date, required: true })
  updated_at!: Date;
}

export const FolderSchema = SchemaFactory.createForClass(StoredFolder);

// All folders of a user: `FoldersRepository.all`.
FolderSchema.index({ user_id: 1, created_at: 1, _id: 1 });
