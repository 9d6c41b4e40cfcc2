import { CommandError, notImplemented } from '../errors.js';
import { compareValues, typeClassOf } from '../bson-order/compare.js';
import { toDouble, wholePart } from '../bson-order/numbers.js';
import { Doc, isNumeric, Regex, typeName, type Value } from '../bson/values.js';
import { parseExpression } from './expression.js';
import { matches } from './matcher.js';
import type { Path } from './paths.js';
import type { Predicate } from './predicate.js';
import { compileRegex } from './regex.js';

function bad(message: string): CommandError {
  return new CommandError('BadValue', message);
}

const COMPARISONS = { $eq: 'eq', $gt: 'gt', $gte: 'gte', $lt: 'lt', $lte: 'lte' } as const;

/** `$type` by number, as in the BSON specification. */
const TYPE_NUMBERS: Record<number, string> = {
  1: 'double',
  2: 'string',
  3: 'object',
  4: 'array',
  5: 'binData',
  7: 'objectId',
  8: 'bool',
  9: 'date',
  10: 'null',
  11: 'regex',
  13: 'javascript',
  16: 'int',
  17: 'timestamp',
  18: 'long',
  19: 'decimal',
  [-1]: 'minKey',
  127: 'maxKey',
};

/**
 * Parses a filter document.
 * @throws CommandError BadValue for malformed filters, NotImplemented for operators we do not have
 */
export function parseFilter(filter: Doc): Predicate {
  const children: Predicate[] = [];
  for (const [key, value] of filter) {
    if (key.startsWith('$')) {
      const child = topLevelOperator(key, value);
      if (child) children.push(child);
    } else children.push(...fieldPredicates(key, value));
  }
  const [only] = children;
  return children.length === 1 && only ? only : { kind: 'and', children };
}

function topLevelOperator(operator: string, value: Value): Predicate | undefined {
  switch (operator) {
    case '$and':
    case '$or':
    case '$nor':
      return {
        kind: operator === '$and' ? 'and' : operator === '$or' ? 'or' : 'nor',
        children: filterList(operator, value),
      };
    case '$expr':
      return { kind: 'expr', expression: parseExpression(value) };
    case '$comment':
      return undefined;
    case '$where':
    case '$text':
    case '$jsonSchema':
    case '$sampleRate':
      throw notImplemented(operator);
    default:
      throw bad(`unknown top level operator: ${operator}`);
  }
}

function filterList(operator: string, value: Value): Predicate[] {
  if (!Array.isArray(value) || value.length === 0) {
    throw bad(`${operator} argument must be a nonempty array`);
  }
  return value.map((entry) => {
    if (!(entry instanceof Doc)) throw bad(`${operator} entries need to be full objects`);
    return parseFilter(entry);
  });
}

/** Whether a document is `{$op: …}` rather than a value to compare with. */
export function isOperatorDocument(value: Value): value is Doc {
  if (!(value instanceof Doc)) return false;
  const [first] = value.keys();
  return first?.startsWith('$') ?? false;
}

function fieldPredicates(field: string, value: Value): Predicate[] {
  const path = field.split('.');
  if (value instanceof Regex) return [regexPredicate(field, path, value)];
  if (!isOperatorDocument(value)) return [{ kind: 'compare', field, path, op: 'eq', value }];
  return operatorPredicates(field, path, value);
}

function operatorPredicates(field: string, path: Path, operators: Doc): Predicate[] {
  const result: Predicate[] = [];
  for (const [operator, operand] of operators) {
    if (operator === '$options') {
      if (!operators.has('$regex')) throw bad('$options needs a $regex');
      continue;
    }
    result.push(fieldOperator(field, path, operator, operand, operators));
  }
  return result;
}

function fieldOperator(
  field: string,
  path: Path,
  operator: string,
  operand: Value,
  siblings: Doc,
): Predicate {
  switch (operator) {
    case '$eq':
    case '$gt':
    case '$gte':
    case '$lt':
    case '$lte':
      if (operand instanceof Regex && operator !== '$eq') {
        throw bad(`Can't have RegEx as arg to predicate over field '${field}'.`);
      }
      return { kind: 'compare', field, path, op: COMPARISONS[operator], value: operand };
    case '$ne':
      if (operand instanceof Regex) throw bad("Can't have regex as arg to $ne.");
      return {
        kind: 'not',
        child: { kind: 'compare', field, path, op: 'eq', value: operand },
      };
    case '$in':
      return membership(field, path, operator, operand);
    case '$nin':
      return { kind: 'not', child: membership(field, path, operator, operand) };
    case '$not':
      return { kind: 'not', child: negated(field, path, operand) };
    case '$regex':
      return regexPredicate(field, path, regexOperand(operand, siblings.get('$options')));
    default:
      return structuralOperator(field, path, operator, operand);
  }
}

function structuralOperator(
  field: string,
  path: Path,
  operator: string,
  operand: Value,
): Predicate {
  switch (operator) {
    case '$exists': {
      const wanted = truthy(operand);
      const present: Predicate = {
        kind: 'leaf',
        field,
        path,
        expandLeaf: false,
        impliesExistence: true,
        test: (leaf) => leaf !== undefined,
      };
      return wanted ? present : { kind: 'not', child: present };
    }
    case '$type':
      return typePredicate(field, path, operand);
    case '$size': {
      const size = wholeNumber(operand, '$size must be a whole number');
      if (size < 0) throw bad(`Failed to parse $size. Expected a non-negative number: ${size}`);
      return arrayTest(field, path, (items) => items.length === size);
    }
    case '$mod':
      return modulo(field, path, operand);
    case '$all':
      return all(field, path, operand);
    case '$elemMatch':
      return elemMatch(field, path, operand);
    case '$bitsAllSet':
    case '$bitsAnySet':
    case '$bitsAllClear':
    case '$bitsAnyClear':
    case '$geoWithin':
    case '$geoIntersects':
    case '$near':
    case '$nearSphere':
      throw notImplemented(operator);
    default:
      throw bad(`unknown operator: ${operator}`);
  }
}

function negated(field: string, path: Path, operand: Value): Predicate {
  if (operand instanceof Regex) return regexPredicate(field, path, operand);
  if (!isOperatorDocument(operand)) throw bad('$not needs a regex or a document');
  return { kind: 'and', children: operatorPredicates(field, path, operand) };
}

function membership(field: string, path: Path, operator: string, operand: Value): Predicate {
  if (!Array.isArray(operand)) throw bad(`${operator} needs an array`);
  const values: Value[] = [];
  const patterns: Regex[] = [];
  for (const item of operand) {
    if (isOperatorDocument(item)) throw bad(`cannot nest $ under ${operator}`);
    if (item instanceof Regex) {
      compileRegex(item);
      patterns.push(item);
    } else values.push(item);
  }
  return { kind: 'in', field, path, values, patterns };
}

function regexOperand(operand: Value, options: Value | undefined): Regex {
  if (options !== undefined && typeof options !== 'string')
    throw bad('$options has to be a string');
  if (typeof operand === 'string') return new Regex(operand, options ?? '');
  if (operand instanceof Regex) {
    if (options !== undefined && operand.options !== '')
      throw bad('options set in both $regex and $options');
    return options === undefined ? operand : new Regex(operand.pattern, options);
  }
  throw bad('$regex has to be a string');
}

function regexPredicate(field: string, path: Path, pattern: Regex): Predicate {
  compileRegex(pattern);
  return { kind: 'regex', field, path, pattern };
}

function typePredicate(field: string, path: Path, operand: Value): Predicate {
  const wanted = new Set((Array.isArray(operand) ? operand : [operand]).map(typeAlias));
  return {
    kind: 'leaf',
    field,
    path,
    expandLeaf: true,
    impliesExistence: true,
    types: wanted,
    test: (leaf) =>
      leaf !== undefined &&
      (wanted.has(typeName(leaf)) || (wanted.has('number') && isNumeric(leaf))),
  };
}

function typeAlias(operand: Value): string {
  const known = Object.values(TYPE_NUMBERS);
  if (typeof operand === 'string') {
    if (operand === 'number' || known.includes(operand)) return operand;
    throw bad(`Unknown type name alias: ${operand}`);
  }
  const code = wholeNumber(operand, 'type must be represented as a number or a string');
  const alias = TYPE_NUMBERS[code];
  if (alias === undefined) throw bad(`Invalid numerical type code: ${code}`);
  return alias;
}

function wholeNumber(value: Value, message: string): number {
  if (!isNumeric(value)) throw bad(message);
  const number = toDouble(value);
  if (!Number.isSafeInteger(number)) throw bad(message);
  return number;
}

function truthy(value: Value): boolean {
  if (isNumeric(value)) return toDouble(value) !== 0;
  return value !== null && value !== false;
}

function arrayTest(field: string, path: Path, test: (items: Value[]) => boolean): Predicate {
  return {
    kind: 'leaf',
    field,
    path,
    expandLeaf: false,
    impliesExistence: true,
    test: (leaf) => Array.isArray(leaf) && test(leaf),
  };
}

function modulo(field: string, path: Path, operand: Value): Predicate {
  if (!Array.isArray(operand) || operand.length !== 2) {
    throw bad('malformed mod, needs to be an array of two numbers');
  }
  const [divisor, remainder] = operand.map((part) => {
    if (!isNumeric(part)) throw bad('malformed mod, needs to be numbers');
    return wholePart(part);
  });
  if (!divisor) throw bad('divisor cannot be 0');
  return {
    kind: 'leaf',
    field,
    path,
    expandLeaf: true,
    impliesExistence: true,
    test: (leaf) => {
      if (leaf === undefined || !isNumeric(leaf)) return false;
      const number = wholePart(leaf);
      return number !== undefined && number % divisor === remainder;
    },
  };
}

function all(field: string, path: Path, operand: Value): Predicate {
  if (!Array.isArray(operand)) throw bad('$all needs an array');
  if (operand.length === 0) return { kind: 'constant', matches: false };
  const children = operand.map((item): Predicate => {
    if (item instanceof Regex) return regexPredicate(field, path, item);
    if (!isOperatorDocument(item)) return { kind: 'compare', field, path, op: 'eq', value: item };
    const inner = item.get('$elemMatch');
    if (inner === undefined || item.size !== 1) throw bad('no $ expressions in $all');
    return elemMatch(field, path, inner);
  });
  return { kind: 'and', children };
}

function elemMatch(field: string, path: Path, operand: Value): Predicate {
  if (!(operand instanceof Doc)) throw bad('$elemMatch needs an Object');
  const [first] = operand.keys();
  const onValues = first?.startsWith('$') && !['$and', '$or', '$nor', '$expr'].includes(first);
  if (onValues) {
    const wrapped: Predicate = { kind: 'and', children: operatorPredicates('', [], operand) };
    return arrayTest(field, path, (items) => items.some((item) => matches(wrapped, item)));
  }
  const inner = parseFilter(operand);
  return arrayTest(field, path, (items) =>
    items.some((item) => (item instanceof Doc || Array.isArray(item)) && matches(inner, item)),
  );
}

/** Whether `value` alone satisfies a comparison; used to prove that a query implies a filter. */
export function satisfies(
  value: Value,
  op: 'eq' | 'gt' | 'gte' | 'lt' | 'lte',
  bound: Value,
): boolean {
  if (typeClassOf(value) !== typeClassOf(bound)) return false;
  const difference = compareValues(value, bound);
  switch (op) {
    case 'eq':
      return difference === 0;
    case 'gt':
      return difference > 0;
    case 'gte':
      return difference >= 0;
    case 'lt':
      return difference < 0;
    case 'lte':
      return difference <= 0;
  }
}
