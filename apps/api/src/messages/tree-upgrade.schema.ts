import { Prop, Schema, SchemaFactory } from '@nestjs/mongoose';

/** A note that the data was brought to a form once, so that no start looks for it again. */
@Schema({ collection: 'upgrades', versionKey: false })
export class Upgrade {
  /** What was done. */
  @Prop({ type: String, required: true })
  _id!: string;

  @Prop({ type: Date, required: true })
  done_at!: Date;
}

export const UpgradeSchema = SchemaFactory.createForClass(Upgrade);
