import { foldName } from './fold.js';
import { touches } from './index-words.js';
import { unitsOf, type UnitKind } from './text-units.js';

/**
 * How much of a query counts: the first so many words and phrases, wanted and excluded together,
 * and of all of them the first so many units. Whoever types more has pasted a text, and every unit
 * is one more condition for the database.
 */
export const QUERY_LIMITS = { terms: 30, units: 60, operators: 30 } as const;

/** A unit of what is searched for. */
export interface QueryUnit {
  readonly kind: UnitKind;
  /** Folded. */
  readonly text: string;
  /** Whether it stands right behind the unit before it, as characters of unspaced scripts do. */
  readonly touches: boolean;
}

/** Units that must follow one another in a text: a word mostly, a phrase, or a run of characters. */
export interface QueryTerm {
  /** At least one. */
  readonly units: readonly QueryUnit[];
  /** In quotation marks: it is needed, and its last word is whole. */
  readonly quoted: boolean;
}

/** What `is:` asks for. */
export const QUERY_STATES = ['pinned', 'archived', 'deleted'] as const;
/** What `has:` asks for. */
export const QUERY_FEATURES = ['code', 'reaction'] as const;
/** What `from:` asks for. */
export const QUERY_ROLES = ['user', 'assistant'] as const;

type Asked =
  | { readonly name: 'from'; readonly role: (typeof QUERY_ROLES)[number] }
  /** `value` folded as a name. */
  | { readonly name: 'model' | 'in' | 'tag'; readonly value: string }
  /** `day`: its first millisecond in UTC, as of `Date.getTime`. */
  | { readonly name: 'before' | 'after'; readonly day: number }
  | { readonly name: 'has'; readonly feature: (typeof QUERY_FEATURES)[number] }
  | { readonly name: 'is'; readonly state: (typeof QUERY_STATES)[number] };

/** A condition. `before:` means earlier than that day, `after:` that day or later. */
export type QueryOperator = Asked & {
  /** Written with a minus: what does not meet it. */
  readonly negated: boolean;
};

/** What somebody searches for. */
export interface SearchQuery {
  /** In the order written, each once. */
  readonly terms: readonly QueryTerm[];
  /** What must not be there, word for word. */
  readonly excluded: readonly QueryTerm[];
  readonly operators: readonly QueryOperator[];
}

/** One piece of a query between spaces. */
interface Piece {
  readonly text: string;
  readonly quoted: boolean;
  readonly negated: boolean;
  /** Present where `name:` stood before quotation marks. */
  readonly operator?: string;
}

const SPACE = /\s/u;
const QUOTE = /["“”„‟＂]/u;
const OPERATOR = /^(from|model|in|tag|before|after|has|is):(.*)$/isu;
const DAY = /^(\d{4})-(\d{2})-(\d{2})$/u;

/**
 * Reads a query: words, "phrases", -excluded, -"excluded phrases" and operators (`from:user`).
 *
 * It never fails: a quotation mark that is not closed is closed by the end, an operator that there
 * is not, or with a value that it does not take, is an ordinary word, and so is a day that does not
 * exist. Takes time in proportion to the length of the text.
 */
export function parseQuery(text: string): SearchQuery {
  const terms = new TermList();
  const operators = new Map<string, QueryOperator>();
  for (const piece of piecesOf(text)) {
    const operator = operatorOf(piece);
    if (operator === undefined) terms.add(piece);
    else if (operators.size < QUERY_LIMITS.operators) {
      operators.set(JSON.stringify(operator), operator);
    }
  }
  return { ...terms.read(), operators: [...operators.values()] };
}

/** Whether a query says nothing at all: neither words nor operators. */
export function isEmptyQuery({ terms, excluded, operators }: SearchQuery): boolean {
  return terms.length + excluded.length + operators.length === 0;
}

/** Collects terms, each once, until the limits are reached. */
class TermList {
  private readonly terms = new Map<string, QueryTerm>();
  private readonly excluded = new Map<string, QueryTerm>();
  private units: number = QUERY_LIMITS.units;

  add(piece: Piece): void {
    if (this.units === 0 || this.terms.size + this.excluded.size === QUERY_LIMITS.terms) return;
    const written = piece.operator === undefined ? piece.text : `${piece.operator} ${piece.text}`;
    const units = queryUnits(written).slice(0, this.units);
    if (units.length === 0) return;
    const list = piece.negated ? this.excluded : this.terms;
    const term = { units, quoted: piece.quoted };
    const key = JSON.stringify([units.map((unit) => unit.text), term.quoted]);
    if (list.has(key)) return;
    list.set(key, term);
    this.units -= units.length;
  }

  read(): Pick<SearchQuery, 'terms' | 'excluded'> {
    return { terms: [...this.terms.values()], excluded: [...this.excluded.values()] };
  }
}

function queryUnits(text: string): QueryUnit[] {
  const units = unitsOf(text);
  return units.map((unit, i) => {
    const before = units[i - 1];
    return {
      kind: unit.kind,
      text: unit.text,
      touches: before !== undefined && touches(before, unit),
    };
  });
}

function* piecesOf(text: string): Generator<Piece> {
  let at = 0;
  const isAt = (position: number, what: RegExp): boolean => what.test(text[position] ?? '');
  const upTo = (from: number, ends: (position: number) => boolean): number => {
    let end = from;
    while (end < text.length && !ends(end)) end += 1;
    return end;
  };
  while (at < text.length) {
    if (isAt(at, SPACE)) {
      at += 1;
      continue;
    }
    const negated = text[at] === '-' && at + 1 < text.length && !isAt(at + 1, /[-\s]/u);
    if (negated) at += 1;
    if (isAt(at, QUOTE)) {
      const end = upTo(at + 1, (position) => isAt(position, QUOTE));
      yield { text: text.slice(at + 1, end), quoted: true, negated };
      at = end + 1;
      continue;
    }
    const end = upTo(at, (position) => isAt(position, SPACE) || isAt(position, QUOTE));
    const word = text.slice(at, end);
    const name = isAt(end, QUOTE) ? OPERATOR.exec(word) : null;
    if (name?.[2] === '') {
      const close = upTo(end + 1, (position) => isAt(position, QUOTE));
      yield { operator: name[1], text: text.slice(end + 1, close), quoted: false, negated };
      at = close + 1;
    } else {
      yield { text: word, quoted: false, negated };
      at = end;
    }
  }
}

function operatorOf({ text, quoted, negated, operator }: Piece): QueryOperator | undefined {
  if (quoted) return undefined;
  const written = OPERATOR.exec(text);
  const name = (operator ?? written?.[1])?.toLowerCase();
  if (name === undefined) return undefined;
  const asked = askedFor(name, operator === undefined ? (written?.[2] ?? '') : text);
  return asked && { ...asked, negated };
}

function askedFor(name: string, written: string): Asked | undefined {
  const value = foldName(written);
  switch (name) {
    case 'from': {
      const role = QUERY_ROLES.find((one) => one === value);
      return role && { name, role };
    }
    case 'has': {
      const feature = QUERY_FEATURES.find((one) => one === value);
      return feature && { name, feature };
    }
    case 'is': {
      const state = QUERY_STATES.find((one) => one === value);
      return state && { name, state };
    }
    case 'before':
    case 'after': {
      const day = dayOf(value);
      return day === undefined ? undefined : { name, day };
    }
    case 'model':
    case 'in':
    case 'tag':
      return value === '' ? undefined : { name, value };
    default:
      return undefined;
  }
}

/** The first millisecond of a day in UTC; undefined for what is no day of the calendar. */
function dayOf(value: string): number | undefined {
  const match = DAY.exec(value);
  if (match === null) return undefined;
  const time = Date.parse(`${value}T00:00:00.000Z`);
  // February 30th is read as a day of March by some engines and refused by others.
  const exists = !Number.isNaN(time) && new Date(time).toISOString().startsWith(value);
  return exists ? time : undefined;
}
