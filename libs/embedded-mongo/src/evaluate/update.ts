import { compareStrings } from '../bson-order/compare.js';
import { formatValue } from '../bson/format.js';
import { Doc, typeName, type Value } from '../bson/values.js';
import { CommandError, notImplemented } from '../errors.js';
import { parseFilter } from './filter-parser.js';
import { arrayIndex, type Path } from './paths.js';
import type { Predicate } from './predicate.js';
import { modifierFor, type Modify } from './update-operators.js';
/** One operator at one path. */
export interface Modification {
  readonly path: Path;
  readonly field: string;
  readonly modify: Modify;
  readonly onInsertOnly: boolean;
  /** Operators that have nothing to do where the field is missing must not create its parents. */
  readonly needsField: boolean;
  /** For `$rename`: where the value comes from. */
  readonly renamedFrom?: Path;
}

/** A parsed update: operators, or a whole new document. */
export type Update =
  | { readonly kind: 'replacement'; readonly document: Doc }
  | {
      readonly kind: 'operators';
      readonly modifications: readonly Modification[];
      readonly arrayFilters: ReadonlyMap<string, Predicate>;
    };

export interface UpdateTarget {
  readonly document: Doc;
  /** The query, for the positional `$`. */
  readonly query: Predicate;
  readonly inserting: boolean;
  readonly now: Date;
}

function parse(message: string): CommandError {
  return new CommandError('FailedToParse', message);
}

/**
 * Parses the update part of an update or findAndModify.
 * @throws CommandError FailedToParse, ConflictingUpdateOperators, NotImplemented (pipelines), …
 */
export function parseUpdate(update: Value, arrayFilters: readonly Value[] = []): Update {
  if (Array.isArray(update)) throw notImplemented('An update with an aggregation pipeline');
  if (!(update instanceof Doc)) throw parse('Update argument must be either an object or an array');
  const [first] = update.keys();
  if (!first?.startsWith('$')) {
    for (const key of update.keys()) {
      if (key.startsWith('$')) {
        throw new CommandError(
          'DollarPrefixedFieldName',
          `The dollar ($) prefixed field '${key}' in '${key}' is not allowed in the context of an update's replacement document.`,
        );
      }
    }
    if (arrayFilters.length > 0) throw parse('Cannot specify arrayFilters and a replacement');
    return { kind: 'replacement', document: update };
  }
  const modifications: Modification[] = [];
  for (const [operator, argument] of update) addOperator(modifications, operator, argument);
  modifications.sort((a, b) => comparePaths(a.path, b.path));
  checkConflicts(modifications);
  const filters = parseArrayFilters(arrayFilters);
  checkFilterNames(modifications, filters);
  return { kind: 'operators', modifications, arrayFilters: filters };
}

function addOperator(into: Modification[], operator: string, argument: Value): void {
  if (!operator.startsWith('$')) {
    throw parse(
      `Unknown modifier: ${operator}. Expected a valid update modifier or pipeline-style update specified as an array`,
    );
  }
  if (!(argument instanceof Doc)) {
    throw parse(
      `Modifiers operate on fields but we found type ${typeName(argument)} instead. For example: {$mod: {<field>: ...}} not {${operator}: ${formatValue(argument)}}`,
    );
  }
  for (const [field, operand] of argument) {
    const path = updatePath(field);
    if (operator === '$rename') {
      into.push(...renaming(field, path, operand));
      continue;
    }
    into.push({
      path,
      field,
      modify: modifierFor(operator, field, operand),
      onInsertOnly: operator === '$setOnInsert',
      needsField: ['$unset', '$pop', '$pull', '$pullAll'].includes(operator),
    });
  }
}

function updatePath(field: string): Path {
  const path = field.split('.');
  if (path.some((part) => part === '')) {
    throw new CommandError(
      'EmptyFieldName',
      `The update path '${field}' contains an empty field name, which is not allowed.`,
    );
  }
  for (const part of path) {
    if (part.startsWith('$') && part !== '$' && !/^\$\[[a-z][a-zA-Z0-9]*\]$|^\$\[\]$/.test(part)) {
      throw new CommandError(
        'DollarPrefixedFieldName',
        `The dollar ($) prefixed field '${part}' in '${field}' is not allowed in the context of an update.`,
      );
    }
  }
  return path;
}

function renaming(field: string, path: Path, operand: Value): Modification[] {
  if (typeof operand !== 'string') {
    throw new CommandError('BadValue', `The 'to' field for $rename must be a string: ${field}`);
  }
  const target = updatePath(operand);
  if (operand === field) {
    throw new CommandError(
      'BadValue',
      `The source and target field for $rename must differ: ${field}`,
    );
  }
  if ([...path, ...target].some((part) => part.startsWith('$'))) {
    throw new CommandError(
      'BadValue',
      `The source and target of $rename may not be dynamic: ${field}`,
    );
  }
  const shared = { onInsertOnly: false, needsField: true };
  return [
    { ...shared, path, field, modify: () => undefined },
    {
      ...shared,
      path: target,
      field: operand,
      needsField: false,
      renamedFrom: path,
      modify: (current) => current,
    },
  ];
}

/** MongoDB applies modifications in the order of their paths, whatever the order in the command. */
function comparePaths(a: Path, b: Path): number {
  for (let at = 0; at < Math.min(a.length, b.length); at++) {
    const left = a[at] ?? '';
    const right = b[at] ?? '';
    if (left === right) continue;
    const leftIndex = arrayIndex(left);
    const rightIndex = arrayIndex(right);
    if (leftIndex !== undefined && rightIndex !== undefined) return leftIndex - rightIndex;
    return compareStrings(left, right);
  }
  return a.length - b.length;
}

function checkConflicts(sorted: readonly Modification[]): void {
  const seen = new Set<string>();
  for (const { path, field } of sorted) {
    for (let length = 1; length <= path.length; length++) {
      const prefix = path.slice(0, length).join('.');
      if (seen.has(prefix)) {
        throw new CommandError(
          'ConflictingUpdateOperators',
          `Updating the path '${field}' would create a conflict at '${prefix}'`,
        );
      }
    }
    seen.add(field);
  }
}

function parseArrayFilters(filters: readonly Value[]): Map<string, Predicate> {
  const parsed = new Map<string, Predicate>();
  for (const filter of filters) {
    if (!(filter instanceof Doc) || filter.size === 0)
      throw parse('Cannot use an expression without a top-level field name in arrayFilters');
    const names = new Set([...filter.keys()].map((key) => key.split('.')[0] ?? ''));
    const [name] = names;
    if (names.size !== 1 || !name || name.startsWith('$')) {
      throw parse('Error parsing array filter: expected a single top-level field name');
    }
    if (parsed.has(name))
      throw parse(`Found multiple array filters with the same top-level field name ${name}`);
    parsed.set(name, parseFilter(filter));
  }
  return parsed;
}

function checkFilterNames(
  modifications: readonly Modification[],
  filters: ReadonlyMap<string, Predicate>,
): void {
  const used = new Set(modifications.flatMap(({ path }) => path.map(filterName)));
  for (const name of used) {
    if (name !== undefined && !filters.has(name)) {
      throw new CommandError('BadValue', `No array filter found for identifier '${name}'`);
    }
  }
  for (const name of filters.keys()) {
    if (!used.has(name)) {
      throw parse(`The array filter for identifier '${name}' was not used in the update`);
    }
  }
}

/** The identifier of `$[identifier]`, or undefined for any other component of a path. */
export function filterName(component: string): string | undefined {
  return component.startsWith('$[') && component !== '$[]' ? component.slice(2, -1) : undefined;
}
