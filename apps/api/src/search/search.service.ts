import { LIMITS, type SearchResult } from '@chat/shared-types';
import {
  highlightsOf,
  isEmptyQuery,
  parseQuery,
  snippetOf,
  TermFinder,
  type QueryTerm,
} from '@chat/text-search';
import { Injectable } from '@nestjs/common';
import type { Types } from 'mongoose';
import { ProblemException } from '../common/problem/problem.exception.js';
import { AppConfig } from '../config/app-config.js';
import { SearchConditionsReader } from './search-conditions.js';
import {
  comparePlaces,
  decodeSearchCursor,
  encodeSearchCursor,
  type SearchPosition,
} from './search-cursor.js';
import { SearchReader, textOf, type Hit, type Search } from './search-reader.js';
import { SearchTermsRepository } from './search-terms.repository.js';
import { tiersOf, type SearchTier } from './search-tiers.js';

/** What somebody asks for. */
export interface SearchRequest {
  readonly q: string;
  readonly limit: number;
  /** As the client sent it. */
  readonly cursor?: string;
}

/** A page of the answer, with the cursor of the next one where something may follow. */
export interface SearchPage {
  readonly results: SearchResult[];
  readonly cursor?: string;
}

/**
 * A request that has looked at so many entries answers what it has found by then. Each costs some
 * tenth of a millisecond where its text has to be read, as for a phrase of frequent words.
 */
const MOST_EXAMINED = 450;

/** A hit with the position of whoever has read up to it. */
interface ReadHit {
  readonly hit: Hit;
  readonly position: SearchPosition;
}

/** Finds titles and messages of one owner. */
@Injectable()
export class SearchService {
  constructor(
    private readonly conditions: SearchConditionsReader,
    private readonly reader: SearchReader,
    private readonly terms: SearchTermsRepository,
    private readonly config: AppConfig,
  ) {}

  /**
   * A page of the answer; shorter than the limit, or even empty, where looking further takes too
   * long for one request: the next page goes on.
   *
   * @throws a 400 for a cursor of another question, a 503 where the server keeps no index.
   */
  async search(userId: Types.ObjectId, { q, limit, cursor }: SearchRequest): Promise<SearchPage> {
    if (!this.config.searchIndex) {
      throw new ProblemException('unavailable', {
        detail: 'Searching is switched off on this server (SEARCH_INDEX=off).',
      });
    }
    const from = cursor === undefined ? { tier: 0, count: 0 } : decodeSearchCursor(q, cursor);
    const query = parseQuery(q);
    if (isEmptyQuery(query)) return { results: [] };
    const { terms, excluded } = query;
    const conditions = await this.conditions.read(userId, query.operators);
    const search: Search = { userId, terms, excluded, conditions };
    const tiers = await tiersOf(terms, conditions.places, (beginning, most) =>
      this.terms.beginningWith(userId, beginning, most),
    );
    const { hits, next } = await this.readPage(search, tiers, from, limit);
    return {
      results: await this.toResults(search, tiers.length, hits),
      ...(next === undefined ? {} : { cursor: encodeSearchCursor(q, next) }),
    };
  }

  private async readPage(
    search: Search,
    tiers: readonly SearchTier[],
    from: SearchPosition,
    limit: number,
  ): Promise<{ hits: ReadHit[]; next?: SearchPosition }> {
    const hits: ReadHit[] = [];
    let examined = 0;
    let at = from;
    for (let tier = tiers[at.tier]; tier !== undefined; tier = tiers[at.tier]) {
      if (examined >= MOST_EXAMINED) return { hits, next: at };
      const stretch = await this.reader.read(search, tier, at);
      examined += stretch.examined;
      const { read } = at;
      for (const hit of stretch.hits) {
        if (read !== undefined && comparePlaces(hit.place, read) <= 0) continue;
        const last = hits.at(-1);
        // One more tells that there is a next page.
        if (hits.length === limit && last !== undefined) return { hits, next: last.position };
        const count = from.count + hits.length + 1;
        const position = {
          tier: at.tier,
          after: stretch.begin,
          upTo: stretch.end,
          read: hit.place,
          count,
        };
        hits.push({ hit, position });
      }
      const count = from.count + hits.length;
      at =
        stretch.end === undefined
          ? { tier: at.tier + 1, count }
          : { tier: at.tier, after: stretch.end, count };
    }
    return { hits };
  }

  private async toResults(
    { userId, terms }: Search,
    tierCount: number,
    hits: readonly ReadHit[],
  ): Promise<SearchResult[]> {
    const read = await this.reader.withMessages(
      userId,
      hits.map(({ hit }) => hit),
    );
    const positions = new Map(hits.map(({ hit, position }) => [hit.entry._id, position]));
    const toResult = resultWriter(terms);
    return read.map((hit) => {
      const position = positions.get(hit.entry._id);
      const tiersLeft = tierCount - (position?.tier ?? 0);
      return toResult(hit, tiersLeft + 1 / (position?.count ?? 1));
    });
  }
}

function resultWriter(terms: readonly QueryTerm[]): (hit: Hit, score: number) => SearchResult {
  const finder = new TermFinder(terms);
  return (hit, score) => {
    const { entry, session, message } = hit;
    const text = textOf(hit);
    const { occurrences } = finder.find(text);
    const shown =
      message === undefined
        ? { text, highlights: highlightsOf(occurrences) }
        : snippetOf(text, occurrences, LIMITS.snippet);
    return {
      type: message === undefined ? 'session' : 'message',
      session_id: session._id.toHexString(),
      message_id: message?._id.toHexString() ?? null,
      title: session.title,
      role: message?.role ?? null,
      created_at: entry.created_at.toISOString(),
      score,
      snippet: shown.text,
      highlights: shown.highlights,
    };
  };
}
