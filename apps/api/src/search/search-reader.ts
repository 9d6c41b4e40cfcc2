import { hasAny, TermFinder, type QueryTerm, type TextMatch } from '@chat/text-search';
import { Injectable } from '@nestjs/common';
import { Types } from 'mongoose';
import type { Position } from '../common/paging/cursor.js';
import type { SearchConditions } from './search-conditions.js';
import { comparePlaces, type Place } from './search-cursor.js';
import {
  SearchEntriesRepository,
  type FoundEntry,
  type Stretch,
} from './search-entries.repository.js';
import { SearchMessagesRepository, type SearchedMessage } from './search-messages.repository.js';
import { SearchSessionsRepository, type SearchedSession } from './search-sessions.repository.js';
import type { SearchTier } from './search-tiers.js';

/** Within so many of the newest, what is found is compared by how near its words are. */
const FIRST_STRETCH = 60;
/** The same further back: whoever gets there has found little. */
const STRETCH = 200;
/** Where the order is plain, there is no need to look far ahead. */
const PLAIN_STRETCH = 60;

/** Something that was found. */
export interface Hit {
  readonly entry: FoundEntry;
  readonly session: SearchedSession;
  /** Absent for a title, and where nobody had to read it yet. */
  readonly message?: SearchedMessage;
  readonly place: Place;
}

/** What a stretch of a tier holds. */
export interface ReadStretch {
  /** In the order of the answer. */
  readonly hits: readonly Hit[];
  /** How many entries were looked at. */
  readonly examined: number;
  /** Right before the first of them: what is made later is not in a stretch that was begun. */
  readonly begin?: Position;
  /** The last of them, where the tier may go on behind it. */
  readonly end?: Position;
}

/** What a search is for. */
export interface Search {
  readonly userId: Types.ObjectId;
  readonly terms: readonly QueryTerm[];
  readonly excluded: readonly QueryTerm[];
  readonly conditions: SearchConditions;
}

/** An entry with what is known of it. */
interface Candidate {
  readonly entry: FoundEntry;
  readonly session: SearchedSession;
  readonly message?: SearchedMessage;
}

/** Reads stretches of the tiers of one search. */
@Injectable()
export class SearchReader {
  constructor(
    private readonly entries: SearchEntriesRepository,
    private readonly sessions: SearchSessionsRepository,
    private readonly messages: SearchMessagesRepository,
  ) {}

  /** A stretch of a tier, or the next one where its end is not known yet. */
  async read(search: Search, tier: SearchTier, stretch: Stretch): Promise<ReadStretch> {
    // A stretch that was begun is read to its end, also where something came back into it.
    const limit = stretch.upTo === undefined ? lengthOf(tier, stretch) : 2 * STRETCH;
    const found = await this.newest(search, tier, stretch, limit);
    const [first] = found;
    const begin = stretch.after ?? (first === undefined ? undefined : rightBefore(first));
    const last = found.at(-1);
    const goesOn = stretch.upTo === undefined && found.length === limit;
    const end = stretch.upTo ?? (goesOn && last !== undefined ? positionOf(last) : undefined);
    const admitted = await this.withSessions(search, found);
    return {
      hits: (await this.judged(search, tier, admitted)).sort((a, b) =>
        comparePlaces(a.place, b.place),
      ),
      examined: found.length,
      ...(begin === undefined ? {} : { begin }),
      ...(end === undefined ? {} : { end }),
    };
  }

  /** The same hits with their messages. One whose message is gone is left out. */
  async withMessages(userId: Types.ObjectId, hits: readonly Hit[]): Promise<Hit[]> {
    return this.readTexts(userId, hits);
  }

  private async newest(
    { userId, conditions, excluded }: Search,
    tier: SearchTier,
    stretch: Stretch,
    limit: number,
  ): Promise<FoundEntry[]> {
    const parts = await Promise.all(
      conditions.sources.map((source) => {
        const words = [...source.words, ...tier.words];
        // Nothing has a word of an empty list.
        if (words.some((list) => list.length === 0)) return Promise.resolve([]);
        const query = {
          ...source,
          places: tier.places,
          words,
          without: [...source.without, ...tier.without, ...excludedWords(excluded)],
        };
        return this.entries.newest(userId, query, stretch, limit);
      }),
    );
    const [only = []] = parts;
    if (parts.length === 1) return only;
    return parts
      .flat()
      .sort((a, b) => comparePlaces(placeOf(a), placeOf(b)))
      .slice(0, limit);
  }

  private async withSessions(
    { userId, conditions }: Search,
    found: readonly FoundEntry[],
  ): Promise<Candidate[]> {
    const ids = new Map(found.map(({ session_id }) => [session_id.toHexString(), session_id]));
    if (ids.size === 0) return [];
    const sessions = await this.sessions.ofIds(userId, [...ids.values()]);
    const byId = new Map(sessions.map((session) => [session._id.toHexString(), session]));
    return found.flatMap((entry) => {
      // One that is being built, or whose remains are still to be removed, is not there.
      const session = byId.get(entry.session_id.toHexString());
      return session !== undefined && conditions.admits(session, entry) ? [{ entry, session }] : [];
    });
  }

  private async judged(
    { userId, terms, excluded }: Search,
    { judge }: SearchTier,
    candidates: readonly Candidate[],
  ): Promise<Hit[]> {
    const unwanted = excluded.filter(({ units }) => units.length > 1);
    if (judge === undefined && unwanted.length === 0) {
      return candidates.map((candidate) => ({ ...candidate, place: placeOf(candidate.entry) }));
    }
    const read = await this.readTexts(userId, candidates);
    const finder = new TermFinder(terms);
    const unwantedFinder = new TermFinder(unwanted);
    return read.flatMap((candidate) => {
      const text = textOf(candidate);
      if (unwanted.length > 0 && hasAny(unwantedFinder, text)) return [];
      if (judge === undefined) return [{ ...candidate, place: placeOf(candidate.entry) }];
      const match: TextMatch = finder.find(text);
      if (!judge.accepts(match)) return [];
      return [{ ...candidate, place: placeOf(candidate.entry, judge.classOf(match)) }];
    });
  }

  private async readTexts<One extends Candidate>(
    userId: Types.ObjectId,
    candidates: readonly One[],
  ): Promise<One[]> {
    const missing = candidates.filter(
      ({ entry, message }) => entry.place === 'm' && message === undefined,
    );
    if (missing.length === 0) return [...candidates];
    const messages = await this.messages.ofIds(
      userId,
      missing.map(({ entry }) => entry._id),
    );
    const byId = new Map(messages.map((message) => [message._id.toHexString(), message]));
    return candidates.flatMap((candidate) => {
      if (candidate.entry.place === 't' || candidate.message !== undefined) return [candidate];
      const message = byId.get(candidate.entry._id.toHexString());
      return message === undefined ? [] : [{ ...candidate, message }];
    });
  }
}

/** It depends on the place alone, so that pages of any size follow the same order. */
function lengthOf({ judge }: SearchTier, { after }: Stretch): number {
  if (judge === undefined) return PLAIN_STRETCH;
  return after === undefined ? FIRST_STRETCH : STRETCH;
}

/** What is searched of a hit. */
export function textOf({ session, message }: Candidate): string {
  return message?.content ?? session.title;
}

function placeOf(entry: FoundEntry, classes: readonly number[] = []): Place {
  return { classes, position: positionOf(entry) };
}

function positionOf({ created_at, _id }: FoundEntry): Position {
  return { time: created_at, id: _id };
}

function rightBefore({ created_at }: FoundEntry): Position {
  return { time: new Date(created_at.getTime() + 1), id: new Types.ObjectId('0'.repeat(24)) };
}

/** Single words and characters; what has several units is looked for in the text. */
function excludedWords(excluded: readonly QueryTerm[]): string[] {
  return excluded.flatMap(({ units }) => (units.length === 1 ? [units[0]?.text ?? ''] : []));
}
