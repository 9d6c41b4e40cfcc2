import { compareValues, valuesEqual } from '../bson-order/compare.js';
import { add, multiply, toDouble } from '../bson-order/numbers.js';
import { identical } from '../bson/identical.js';
import { formatValue } from '../bson/format.js';
import { Doc, Int32, isNumeric, Timestamp, typeName, type Value } from '../bson/values.js';
import { CommandError, notImplemented } from '../errors.js';
import { isOperatorDocument, parseFilter } from './filter-parser.js';
import { matches } from './matcher.js';
import { parseSort, sortBy } from './sort.js';
import type { UpdateTarget } from './update.js';

/**
 * Gives the new value of a field; undefined removes it, the same value leaves it.
 * @throws CommandError TypeMismatch, BadValue
 */
export type Modify = (current: Value | undefined, target: UpdateTarget) => Value | undefined;

function bad(message: string): CommandError {
  return new CommandError('BadValue', message);
}

function mismatch(message: string): CommandError {
  return new CommandError('TypeMismatch', message);
}

/** The modification that an operator makes; the operand is checked here, once a command. */
export function modifierFor(operator: string, field: string, operand: Value): Modify {
  switch (operator) {
    case '$set':
    case '$setOnInsert':
      return (current) => (identical(current, operand) ? current : operand);
    case '$unset':
      return () => undefined;
    case '$inc':
    case '$mul':
      return arithmetic(operator, field, operand);
    case '$min':
    case '$max':
      return extremum(operator === '$max' ? 1 : -1, operand);
    case '$currentDate':
      return currentDate(operand);
    case '$push':
      return push(field, operand);
    case '$addToSet':
      return addToSet(field, operand);
    case '$pop':
      return pop(field, operand);
    case '$pull':
      return pull(operand);
    case '$pullAll': {
      if (!Array.isArray(operand)) throw bad('$pullAll requires an array argument');
      return remove((item) => operand.some((value) => valuesEqual(item, value)));
    }
    case '$bit':
      throw notImplemented('$bit');
    default:
      throw new CommandError(
        'FailedToParse',
        `Unknown modifier: ${operator}. Expected a valid update modifier or pipeline-style update specified as an array`,
      );
  }
}

function arithmetic(operator: '$inc' | '$mul', field: string, operand: Value): Modify {
  const verb = operator === '$inc' ? 'increment' : 'multiply';
  if (!isNumeric(operand)) {
    throw mismatch(`Cannot ${verb} with non-numeric argument: {${field}: ${formatValue(operand)}}`);
  }
  return (current, { document }) => {
    if (current === undefined) {
      return operator === '$inc' ? operand : multiply(operand, new Int32(0));
    }
    if (!isNumeric(current)) {
      const id = formatValue(document.get('_id') ?? null);
      throw mismatch(
        `Cannot apply ${operator} to a value of non-numeric type. {_id: ${id}} has the field '${field}' of non-numeric type ${typeName(current)}`,
      );
    }
    const result = operator === '$inc' ? add(current, operand) : multiply(current, operand);
    return identical(current, result) ? current : result;
  };
}

function extremum(sign: 1 | -1, operand: Value): Modify {
  return (current) =>
    current === undefined || sign * compareValues(operand, current) > 0 ? operand : current;
}

let timestampOrdinal = 0n;

function currentDate(operand: Value): Modify {
  const type = operand instanceof Doc ? operand.get('$type') : 'date';
  const valid =
    operand === true || operand === false || (operand instanceof Doc && operand.size === 1);
  if (!valid || (type !== 'date' && type !== 'timestamp')) {
    throw bad("The '$type' string field is required to be 'date' or 'timestamp'");
  }
  return (_current, { now }) => {
    if (type === 'date') return now;
    timestampOrdinal = (timestampOrdinal + 1n) & 0xffffffffn;
    return new Timestamp((BigInt(Math.floor(now.getTime() / 1000)) << 32n) | timestampOrdinal);
  };
}

function arrayOrNew(
  operator: string,
  field: string,
  current: Value | undefined,
  document: Doc,
): Value[] {
  if (current === undefined) return [];
  if (Array.isArray(current)) return current;
  const id = formatValue(document.get('_id') ?? null);
  throw bad(
    operator === '$push'
      ? `The field '${field}' must be an array but is of type ${typeName(current)} in document {_id: ${id}}`
      : `Cannot apply ${operator} to non-array field. Field named '${field}' has non-array type ${typeName(current)}`,
  );
}

function eachOf(operator: string, operand: Value): { items: readonly Value[]; modifiers?: Doc } {
  if (!(operand instanceof Doc) || !operand.has('$each')) return { items: [operand] };
  const items = operand.get('$each');
  if (!Array.isArray(items)) {
    throw mismatch(
      `The argument to $each in ${operator} must be an array but it was of type: ${typeName(items ?? null)}`,
    );
  }
  return { items, modifiers: operand };
}

function whole(name: string, value: Value | undefined): number | undefined {
  if (value === undefined) return undefined;
  const number = isNumeric(value) ? toDouble(value) : NaN;
  if (!Number.isSafeInteger(number)) throw bad(`The value for ${name} must be an integer value`);
  return number;
}

function push(field: string, operand: Value): Modify {
  const { items, modifiers } = eachOf('$push', operand);
  for (const key of modifiers?.keys() ?? []) {
    if (!['$each', '$slice', '$sort', '$position'].includes(key)) {
      throw bad(`Unrecognized clause in $push: ${key}`);
    }
  }
  const slice = whole('$slice', modifiers?.get('$slice'));
  const position = whole('$position', modifiers?.get('$position'));
  const order = pushOrder(modifiers?.get('$sort'));
  return (current, { document }) => {
    const array = arrayOrNew('$push', field, current, document);
    let result = [...array];
    result.splice(position ?? result.length, 0, ...items);
    if (order) result = order(result);
    if (slice !== undefined) result = slice >= 0 ? result.slice(0, slice) : result.slice(slice);
    return identical(current, result) ? current : result;
  };
}

function pushOrder(sort: Value | undefined): ((items: Value[]) => Value[]) | undefined {
  if (sort === undefined) return undefined;
  if (sort instanceof Doc) {
    if (sort.size === 0) throw bad('The $sort pattern is empty when it should be a set of fields.');
    const fields = parseSort(sort);
    return (items) => sortBy(items, fields, (item) => item);
  }
  const direction = isNumeric(sort) ? toDouble(sort) : 0;
  if (direction !== 1 && direction !== -1)
    throw bad('The $sort element value must be either 1 or -1');
  return (items) => [...items].sort((a, b) => direction * compareValues(a, b));
}

function addToSet(field: string, operand: Value): Modify {
  const { items, modifiers } = eachOf('$addToSet', operand);
  if (modifiers && modifiers.size > 1)
    throw bad('Found unexpected fields after $each in $addToSet');
  return (current, { document }) => {
    const array = arrayOrNew('$addToSet', field, current, document);
    const result = [...array];
    for (const item of items) {
      if (!result.some((member) => valuesEqual(member, item))) result.push(item);
    }
    return current !== undefined && result.length === array.length ? current : result;
  };
}

function pop(field: string, operand: Value): Modify {
  const way = isNumeric(operand) ? toDouble(operand) : 0;
  if (way !== 1 && way !== -1) {
    throw new CommandError('FailedToParse', '$pop expects 1 or -1');
  }
  return (current) => {
    if (current === undefined) return current;
    if (!Array.isArray(current)) {
      throw mismatch(
        `Path '${field}' contains an element of non-array type '${typeName(current)}'`,
      );
    }
    if (current.length === 0) return current;
    return way === 1 ? current.slice(0, -1) : current.slice(1);
  };
}

function remove(condition: (item: Value) => boolean): Modify {
  return (current) => {
    if (current === undefined) return current;
    if (!Array.isArray(current)) throw bad('Cannot apply $pull to a non-array value');
    const kept = current.filter((item) => !condition(item));
    return kept.length === current.length ? current : kept;
  };
}

/** `$pull` by operators tests each element; by a document its fields; otherwise by equality. */
function pull(operand: Value): Modify {
  if (isOperatorDocument(operand)) {
    const onElement = parseFilter(new Doc([['item', operand]]));
    return remove((item) => matches(onElement, new Doc([['item', item]])));
  }
  if (operand instanceof Doc) {
    const filter = parseFilter(operand);
    return remove((item) => item instanceof Doc && matches(filter, item));
  }
  const onValue = parseFilter(new Doc([['item', operand]]));
  return remove((item) => matches(onValue, new Doc([['item', item]])));
}
