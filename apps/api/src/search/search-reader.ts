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
    // Hardly anything is not admitted, so the texts need not wait for the sessions.
    const [sessions, messages] = await Promise.all([
      this.sessionsOf(search.userId, found),
      readsTexts(search, tier) ? this.messagesOf(search.userId, found) : new Map(),
    ]);
    const candidates = admitted(search, found, sessions, messages);
    return {
      hits: judged(search, tier, candidates).sort((a, b) => comparePlaces(a.place, b.place)),
      examined: found.length,
      ...(begin === undefined ? {} : { begin }),
      ...(end === undefined ? {} : { end }),
    };
  }

  /** The same hits with their messages. One whose message is gone is left out. */
  async withMessages(userId: Types.ObjectId, hits: readonly Hit[]): Promise<Hit[]> {
    const missing = hits.filter(({ message }) => message === undefined);
    const messages = await this.messagesOf(
      userId,
      missing.map(({ entry }) => entry),
    );
    return hits.flatMap((hit) => {
      if (hit.entry.place === 't' || hit.message !== undefined) return [hit];
      const message = messages.get(hit.entry._id.toHexString());
      return message === undefined ? [] : [{ ...hit, message }];
    });
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

  private async sessionsOf(
    userId: Types.ObjectId,
    found: readonly FoundEntry[],
  ): Promise<ById<SearchedSession>> {
    const ids = new Map(found.map(({ session_id }) => [session_id.toHexString(), session_id]));
    if (ids.size === 0) return new Map();
    return byId(await this.sessions.ofIds(userId, [...ids.values()]));
  }

  private async messagesOf(
    userId: Types.ObjectId,
    found: readonly FoundEntry[],
  ): Promise<ById<SearchedMessage>> {
    const ids = found.filter(({ place }) => place === 'm').map(({ _id }) => _id);
    if (ids.length === 0) return new Map();
    return byId(await this.messages.ofIds(userId, ids));
  }
}

type ById<Stored> = ReadonlyMap<string, Stored>;

function byId<Stored extends { _id: Types.ObjectId }>(stored: readonly Stored[]): ById<Stored> {
  return new Map(stored.map((one) => [one._id.toHexString(), one]));
}

function excludedTexts({ excluded }: Search): QueryTerm[] {
  return excluded.filter(({ units }) => units.length > 1);
}

/** Whether the index alone does not tell what belongs to the tier, and where. */
function readsTexts(search: Search, { judge }: SearchTier): boolean {
  return judge !== undefined || excludedTexts(search).length > 0;
}

/** What was found in sessions that the search is about, with the messages that were read. */
function admitted(
  { conditions }: Search,
  found: readonly FoundEntry[],
  sessions: ById<SearchedSession>,
  messages: ById<SearchedMessage>,
): Candidate[] {
  return found.flatMap((entry) => {
    // One that is being built, or whose remains are still to be removed, is not there.
    const session = sessions.get(entry.session_id.toHexString());
    if (session === undefined || !conditions.admits(session, entry)) return [];
    return [{ entry, session, message: messages.get(entry._id.toHexString()) }];
  });
}

/** Those of the candidates that belong to the tier, each with its place in it. */
function judged(search: Search, tier: SearchTier, candidates: readonly Candidate[]): Hit[] {
  const { judge } = tier;
  if (!readsTexts(search, tier)) {
    return candidates.map((candidate) => ({ ...candidate, place: placeOf(candidate.entry) }));
  }
  const finder = new TermFinder(search.terms);
  const unwanted = excludedTexts(search);
  const unwantedFinder = new TermFinder(unwanted);
  return candidates.flatMap((candidate) => {
    // One whose message is gone.
    if (candidate.entry.place === 'm' && candidate.message === undefined) return [];
    const text = textOf(candidate);
    if (unwanted.length > 0 && hasAny(unwantedFinder, text)) return [];
    if (judge === undefined) return [{ ...candidate, place: placeOf(candidate.entry) }];
    const match: TextMatch = finder.find(text);
    if (!judge.accepts(match)) return [];
    return [{ ...candidate, place: placeOf(candidate.entry, judge.classOf(match)) }];
  });
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
