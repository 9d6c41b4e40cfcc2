import {
  ENTRY_ROLES,
  facetWord,
  foldName,
  meansModel,
  MODEL_MARK,
  type QueryOperator,
} from '@chat/text-search';
import { Injectable } from '@nestjs/common';
import type { Types } from 'mongoose';
import { FoldersRepository } from '../folders/folders.repository.js';
import type { StoredFolder } from '../folders/folder.schema.js';
import type { EntryQuery } from './search-entries.repository.js';
import type { SearchPlace } from './search-entry.schema.js';
import {
  SearchSessionsRepository,
  type SearchedSession,
  type SessionLookUp,
} from './search-sessions.repository.js';
import { SearchTermsRepository } from './search-terms.repository.js';

/** What the operators of a query ask of everything that is found. */
export interface SearchConditions {
  /** No places: nothing can meet them. */
  readonly places: readonly SearchPlace[];
  /**
   * Which entries to read: one list, or several whose union it is. Whoever reads them still has to
   * ask `admits`.
   */
  readonly sources: readonly Omit<EntryQuery, 'places'>[];
  /** Whether something of a session may be found. */
  readonly admits: (session: SearchedSession, entry: { readonly deleted: boolean }) => boolean;
}

/** More sessions than these are looked up as they are met, not beforehand. */
const MOST_SESSIONS = 1_000;
/** Nobody has used more models. */
const MOST_MODELS = 1_000;

type OperatorOf<Name extends QueryOperator['name']> = Extract<QueryOperator, { name: Name }>;

/** Turns the operators of a query into what the index is asked. */
@Injectable()
export class SearchConditionsReader {
  constructor(
    private readonly sessions: SearchSessionsRepository,
    private readonly terms: SearchTermsRepository,
    private readonly folders: FoldersRepository,
  ) {}

  async read(
    userId: Types.ObjectId,
    operators: readonly QueryOperator[],
  ): Promise<SearchConditions> {
    const facets = await this.facets(userId, operators);
    const checks = await this.sessionChecks(userId, operators);
    const inTrash = states(operators).some(({ state, negated }) => isTrash(state) && !negated);
    const meetsAll = (session: SearchedSession): boolean =>
      checks.every(({ meets }) => meets(session));
    const base = { ...timesOf(operators), words: facets.words, without: facets.without };
    const chosen = await this.chosenSessions(userId, checks, inTrash);
    const within = chosen === undefined ? [] : [sessionWords(chosen.filter(meetsAll))];
    const places: readonly SearchPlace[] = facets.ofMessages ? ['m'] : ['t', 'm'];
    if (!inTrash) {
      return {
        places,
        sources: [{ ...base, deleted: false, words: [...base.words, ...within] }],
        admits: (session) => !session.deleted && meetsAll(session),
      };
    }
    return {
      places,
      sources: [
        { ...base, deleted: true },
        { ...base, deleted: false, words: [...base.words, ...(await this.trashed(userId))] },
      ],
      admits: (session, entry) => (session.deleted || entry.deleted) && meetsAll(session),
    };
  }

  private async facets(
    userId: Types.ObjectId,
    operators: readonly QueryOperator[],
  ): Promise<{ words: string[][]; without: string[]; ofMessages: boolean }> {
    const words: string[][] = [];
    const without: string[] = [];
    const add = (negated: boolean, found: string[]): void => {
      if (negated) without.push(...found);
      else words.push(found);
    };
    for (const operator of operators) {
      if (operator.name === 'from') add(operator.negated, [facetWord.role(operator.role)]);
      else if (operator.name === 'has') add(operator.negated, [facetWord.has(operator.feature)]);
      else if (operator.name === 'model') {
        add(operator.negated, await this.modelWords(userId, operator));
      }
    }
    return { words, without, ofMessages: words.length > 0 };
  }

  private async modelWords(
    userId: Types.ObjectId,
    { value }: OperatorOf<'model' | 'in' | 'tag'>,
  ): Promise<string[]> {
    const models = await this.terms.beginningWith(userId, MODEL_MARK, MOST_MODELS);
    return models.filter((word) => meansModel(value, word));
  }

  private async sessionChecks(
    userId: Types.ObjectId,
    operators: readonly QueryOperator[],
  ): Promise<SessionCheck[]> {
    const needsFolders = operators.some(({ name }) => name === 'in');
    const folders = needsFolders ? await this.folders.all(userId) : [];
    return operators.flatMap((operator) => checkOf(operator, folders) ?? []);
  }

  /** Those that the first condition leaves; undefined where there is none, or too many are left. */
  private async chosenSessions(
    userId: Types.ObjectId,
    checks: readonly SessionCheck[],
    inTrash: boolean,
  ): Promise<SearchedSession[] | undefined> {
    if (inTrash) return undefined;
    for (const { lookUp } of checks) {
      if (lookUp === undefined) continue;
      const found = await this.sessions.lookUp(userId, lookUp, false, MOST_SESSIONS + 1);
      if (found.length <= MOST_SESSIONS) return found;
    }
    return undefined;
  }

  /** What an entry has that went to the trash with its session; nothing where those are too many. */
  private async trashed(userId: Types.ObjectId): Promise<string[][]> {
    const all = { by: 'deleted' } as const;
    const found = await this.sessions.lookUp(userId, all, true, MOST_SESSIONS + 1);
    return found.length > MOST_SESSIONS ? [] : [sessionWords(found)];
  }
}

/** Everything there is, where nothing else is asked for: each entry has a role. */
export const ANYTHING: readonly string[] = ENTRY_ROLES.map((role) => facetWord.role(role));

interface SessionCheck {
  readonly meets: (session: SearchedSession) => boolean;
  /** How to find the sessions that may meet it; absent where that is most of them. */
  readonly lookUp?: SessionLookUp;
}

function checkOf(
  operator: QueryOperator,
  folders: readonly StoredFolder[],
): SessionCheck | undefined {
  const { negated } = operator;
  const check = (
    isMet: (session: SearchedSession) => boolean,
    lookUp?: SessionLookUp,
  ): SessionCheck => (negated ? { meets: (session) => !isMet(session) } : { meets: isMet, lookUp });
  switch (operator.name) {
    case 'in': {
      const within = foldersNamed(operator.value, folders);
      const ids = new Set(within.map((id) => id.toHexString()));
      return check(({ folder_id }) => folder_id !== null && ids.has(folder_id.toHexString()), {
        by: 'folder',
        ids: within,
      });
    }
    case 'tag':
      return check(({ tags }) => tags.some((tag) => foldName(tag) === operator.value), {
        by: 'tagged',
      });
    case 'is': {
      const { state } = operator;
      // That is no matter of the session alone: see `admits`.
      if (state === 'deleted') return undefined;
      return check((session) => session[state], { by: state });
    }
    case 'from':
    case 'model':
    case 'has':
    case 'before':
    case 'after':
      return undefined;
  }
}

/** The folders of this folded name, with all that they hold at whatever depth. */
function foldersNamed(name: string, folders: readonly StoredFolder[]): Types.ObjectId[] {
  const within = folders.filter((folder) => foldName(folder.name) === name);
  const seen = new Set(within.map(({ _id }) => _id.toHexString()));
  // It grows while it is walked.
  for (const { _id } of within) {
    for (const folder of folders) {
      if (folder.parent_id?.equals(_id) !== true || seen.has(folder._id.toHexString())) continue;
      seen.add(folder._id.toHexString());
      within.push(folder);
    }
  }
  return within.map(({ _id }) => _id);
}

function timesOf(operators: readonly QueryOperator[]): Pick<EntryQuery, 'from' | 'before'> {
  let from: number | undefined;
  let before: number | undefined;
  for (const operator of operators) {
    if (operator.name !== 'before' && operator.name !== 'after') continue;
    // Not after a day is earlier than it, and the other way round.
    const isEarlier = (operator.name === 'before') !== operator.negated;
    if (isEarlier) before = Math.min(before ?? operator.day, operator.day);
    else from = Math.max(from ?? operator.day, operator.day);
  }
  return {
    ...(from === undefined ? {} : { from: new Date(from) }),
    ...(before === undefined ? {} : { before: new Date(before) }),
  };
}

function states(operators: readonly QueryOperator[]): OperatorOf<'is'>[] {
  return operators.filter((operator) => operator.name === 'is');
}

function isTrash(state: OperatorOf<'is'>['state']): boolean {
  return state === 'deleted';
}

function sessionWords(sessions: readonly SearchedSession[]): string[] {
  return sessions.map(({ _id }) => facetWord.session(_id.toHexString()));
}
