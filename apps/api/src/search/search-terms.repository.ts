import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import { mongo, type Model, type Types } from 'mongoose';
import { SearchTerm } from './search-term.schema.js';

/** Of all users together: some tens of megabytes. */
const MOST_KNOWN = 200_000;
/** So many are stored in one call: the driver makes a document, an id and an operation of each. */
const LEARNED_AT_ONCE = 2_000;
const DUPLICATE_KEY = 11_000;
/** How many more characters than what was typed still make a short word. */
const SHORT = 4;
/** Behind every text. */
const LAST = '\u{10ffff}';

/**
 * The words of each user's texts. They only become more: one that no text has any more completes to
 * nothing. So they are written outside of the transaction that needs them, before it ends, and two
 * that learn the same word at once do not disturb each other.
 */
@Injectable()
export class SearchTermsRepository {
  /** What is stored for certain, by user; the user who was served longest ago first. */
  private readonly known = new Map<string, Set<string>>();
  private knownCount = 0;

  constructor(@InjectModel(SearchTerm.name) private readonly model: Model<SearchTerm>) {}

  /** Sees to it that these words are stored. Of known ones the database hears nothing. */
  async learn(userId: Types.ObjectId, terms: readonly string[]): Promise<void> {
    const known = this.knownOf(userId);
    const unknown = terms.filter((term) => !known.has(term));
    for (let at = 0; at < unknown.length; at += LEARNED_AT_ONCE) {
      const some = unknown.slice(at, at + LEARNED_AT_ONCE);
      await this.store(userId, some);
      this.remember(userId, some);
    }
  }

  private async store(userId: Types.ObjectId, terms: readonly string[]): Promise<void> {
    try {
      await this.collection.insertMany(
        terms.map((term) => ({ user_id: userId, term }) as SearchTerm),
        { ordered: false },
      );
    } catch (error) {
      if (!isOnlyDuplicates(error)) throw error;
    }
  }

  /**
   * Words that begin so. Where there are more than the limit, those of at most `SHORT` characters
   * more than typed come first, the rest by the alphabet: a longer beginning finds the others.
   *
   * @param limit at most so many.
   */
  async beginningWith(userId: Types.ObjectId, beginning: string, limit: number): Promise<string[]> {
    const filter = { user_id: userId, term: { $gte: beginning, $lt: beginning + LAST } };
    const first = await this.terms(filter, limit + 1);
    if (first.length <= limit) return first;
    const length = Array.from(beginning).length + SHORT;
    const isShort = { $lte: [{ $strLenCP: '$term' }, length] };
    const short = await this.terms({ ...filter, $expr: isShort }, limit);
    return [...new Set([...short, ...first])].slice(0, limit);
  }

  private async terms(filter: mongo.Filter<SearchTerm>, limit: number): Promise<string[]> {
    const rows = await this.collection
      .find(filter, {
        projection: { _id: 0, term: 1 },
        sort: { term: 1 },
        limit,
        batchSize: limit,
      })
      .toArray();
    return rows.map(({ term }) => term);
  }

  /** By the driver itself: what it is given and what it answers has its stored type. */
  private get collection(): mongo.Collection<SearchTerm> {
    return this.model.collection as unknown as mongo.Collection<SearchTerm>;
  }

  private knownOf(user: Types.ObjectId): Set<string> {
    const userId = user.toHexString();
    const known = this.known.get(userId) ?? new Set();
    this.known.delete(userId);
    this.known.set(userId, known);
    return known;
  }

  private remember(user: Types.ObjectId, terms: readonly string[]): void {
    // Others may have made room meanwhile, for which this user's were forgotten.
    const known = this.knownOf(user);
    const before = known.size;
    for (const term of terms) known.add(copyOf(term));
    this.knownCount += known.size - before;
    for (const [userId, others] of this.known) {
      if (this.knownCount <= MOST_KNOWN) return;
      this.known.delete(userId);
      this.knownCount -= others.size;
    }
  }
}

/**
 * The same characters in memory of their own: V8 keeps a word that was cut out of a text as a place
 * in it (`SlicedString`, from 13 characters on), and one such word would keep a whole message.
 */
function copyOf(term: string): string {
  return Buffer.from(term).toString();
}

function isOnlyDuplicates(error: unknown): boolean {
  if (!(error instanceof mongo.MongoBulkWriteError)) return false;
  const errors = [error.writeErrors].flat();
  return errors.length > 0 && errors.every(({ code }) => code === DUPLICATE_KEY);
}
