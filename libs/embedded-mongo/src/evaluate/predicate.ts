import type { Regex, Value } from '../bson/values.js';
import type { Expression } from './expression.js';
import type { Path } from './paths.js';

/** A comparison that is both evaluated and turned into index bounds. */
export interface Comparison {
  readonly kind: 'compare';
  readonly field: string;
  readonly path: Path;
  readonly op: 'eq' | 'gt' | 'gte' | 'lt' | 'lte';
  readonly value: Value;
}

/** `$in`: equality with any of the values or a match of any of the patterns. */
export interface Membership {
  readonly kind: 'in';
  readonly field: string;
  readonly path: Path;
  readonly values: readonly Value[];
  readonly patterns: readonly Regex[];
}

export interface PatternMatch {
  readonly kind: 'regex';
  readonly field: string;
  readonly path: Path;
  readonly pattern: Regex;
}

/** A test of what is at a path that no index decides. */
export interface LeafTest {
  readonly kind: 'leaf';
  readonly field: string;
  readonly path: Path;
  readonly expandLeaf: boolean;
  /** Whether a match proves that the field is there, for sparse and partial indexes. */
  readonly impliesExistence: boolean;
  /** For `$type`: the names of the types, or `number` for all numeric ones. */
  readonly types?: ReadonlySet<string>;
  readonly test: (leaf: Value | undefined) => boolean;
}

/** A parsed filter: the matcher evaluates it, the planner reads bounds from it. */
export type Predicate =
  | Comparison
  | Membership
  | PatternMatch
  | LeafTest
  | { readonly kind: 'and' | 'or' | 'nor'; readonly children: readonly Predicate[] }
  | { readonly kind: 'not'; readonly child: Predicate }
  | { readonly kind: 'expr'; readonly expression: Expression }
  | { readonly kind: 'constant'; readonly matches: boolean };
