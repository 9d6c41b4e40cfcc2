import { Injectable } from '@nestjs/common';
import { InjectModel, Prop, Schema, SchemaFactory } from '@nestjs/mongoose';
import { trusted, type Model } from 'mongoose';

/** A process that writes replies, and when it last said that it lives. */
@Schema({ collection: 'reply_owners', versionKey: false })
export class StoredOwner {
  @Prop({ type: String, required: true })
  _id!: string;

  /** By the process's own clock: others only see whether it changes. */
  @Prop({ type: Date, required: true })
  heartbeat_at!: Date;
}

export const OwnerSchema = SchemaFactory.createForClass(StoredOwner);

/** The only access to the processes that write replies. */
@Injectable()
export class ReplyOwnersRepository {
  constructor(@InjectModel(StoredOwner.name) private readonly model: Model<StoredOwner>) {}

  async beat(id: string): Promise<void> {
    await this.model.updateOne(
      { _id: id },
      { $set: { heartbeat_at: new Date() } },
      { upsert: true },
    );
  }

  /** Every process; by the index on `_id`. */
  all(): Promise<StoredOwner[]> {
    return this.model.find({}).sort({ _id: 1 }).lean().exec();
  }

  async delete(ids: readonly string[]): Promise<void> {
    await this.model.deleteMany({ _id: trusted({ $in: ids }) });
  }
}
