import { Prop, Schema, SchemaFactory } from '@nestjs/mongoose';
import { Types } from 'mongoose';

/**
 * When the folders of a user last changed. Every change writes it first: so of two changes at once,
 * of which each alone would be right and both together a cycle, one has to wait for the other.
 */
@Schema({ collection: 'folder_changes', versionKey: false })
export class FolderChange {
  /** The user's. */
  _id!: Types.ObjectId;

  @Prop({ type: Date, required: true })
  changed_at!: Date;

  /** Rises with every change, to tell apart those within one millisecond. */
  @Prop({ type: Number, required: true })
  change_number!: number;
}

export const FolderChangeSchema = SchemaFactory.createForClass(FolderChange);
