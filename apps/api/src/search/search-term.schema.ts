import { Prop, Schema, SchemaFactory } from '@nestjs/mongoose';
import { Types } from 'mongoose';

/** A word (or a facet) that stands in texts of a user, or did; what its beginning is completed to. */
@Schema({ collection: 'search_terms', versionKey: false })
export class SearchTerm {
  _id!: Types.ObjectId;

  @Prop({ type: Types.ObjectId, required: true })
  user_id!: Types.ObjectId;

  @Prop({ type: String, required: true })
  term!: string;
}

export const SearchTermSchema = SchemaFactory.createForClass(SearchTerm);

// What begins so: `SearchTermsRepository.beginningWith`; each once.
SearchTermSchema.index({ user_id: 1, term: 1 }, { unique: true });
