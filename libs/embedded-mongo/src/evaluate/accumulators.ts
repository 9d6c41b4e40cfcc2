import { compareValues } from '../bson-order/compare.js';
import { add, toDouble } from '../bson-order/numbers.js';
import {
  Decimal128,
  Doc,
  Double,
  Int32,
  isNumeric,
  type NumericValue,
  type Value,
} from '../bson/values.js';
import { CommandError, notImplemented } from '../errors.js';
import { parseExpression, type Expression } from './expression.js';

type Operator =
  '$sum' | '$avg' | '$min' | '$max' | '$first' | '$last' | '$push' | '$addToSet' | '$count';

export interface AccumulatorSpec {
  readonly operator: Operator;
  readonly expression: Expression;
  /** `{$sum: 1}` or `{$count: {}}`: the number of documents. */
  readonly countsOnes: boolean;
}

const OPERATORS: ReadonlySet<string> = new Set<Operator>([
  '$sum',
  '$avg',
  '$min',
  '$max',
  '$first',
  '$last',
  '$push',
  '$addToSet',
  '$count',
]);

function isOperator(name: string): name is Operator {
  return OPERATORS.has(name);
}

/** Parses one field of `$group`. */
export function parseAccumulator(field: string, value: Value): AccumulatorSpec {
  if (field.includes('.') || field.startsWith('$')) {
    throw new CommandError(
      'BadValue',
      `The field name '${field}' cannot contain '.' or start with '$'`,
    );
  }
  const [entry] = value instanceof Doc ? value : [];
  if (!entry || !(value instanceof Doc) || value.size !== 1) {
    throw new CommandError('BadValue', `The field '${field}' must be an accumulator object`);
  }
  const [operator, operand] = entry;
  if (!isOperator(operator)) throw notImplemented(`The accumulator ${operator}`);
  const expression = parseExpression(operator === '$count' ? new Int32(1) : operand);
  const one =
    expression.kind === 'literal' &&
    expression.value instanceof Int32 &&
    expression.value.value === 1;
  return {
    operator,
    expression,
    countsOnes: one && (operator === '$sum' || operator === '$count'),
  };
}

export interface Accumulator {
  add(value: Value | undefined): void;
  result(): Value;
}

/** Sums numbers with their types, other values count as nothing. */
class Sum implements Accumulator {
  private total: NumericValue = new Int32(0);
  protected count = 0;

  add(value: Value | undefined): void {
    if (value === undefined || !isNumeric(value)) return;
    this.count++;
    this.total = add(this.total, value);
  }

  result(): Value {
    return this.total;
  }
}

class Average extends Sum {
  override result(): Value {
    const total = super.result();
    if (this.count === 0) return null;
    if (total instanceof Decimal128) throw notImplemented('$avg of Decimal128');
    return new Double((isNumeric(total) ? toDouble(total) : 0) / this.count);
  }
}

class Extremum implements Accumulator {
  private best: Value | undefined;

  constructor(private readonly sign: 1 | -1) {}

  add(value: Value | undefined): void {
    if (value === undefined || value === null) return;
    if (this.best === undefined || this.sign * compareValues(value, this.best) > 0)
      this.best = value;
  }

  result(): Value {
    return this.best ?? null;
  }
}

class Ends implements Accumulator {
  private value: Value | undefined;
  private seen = false;

  constructor(private readonly last: boolean) {}

  add(value: Value | undefined): void {
    if (this.seen && !this.last) return;
    this.seen = true;
    this.value = value;
  }

  result(): Value {
    return this.value ?? null;
  }
}

class Collected implements Accumulator {
  private readonly values: Value[] = [];

  constructor(private readonly distinct: boolean) {}

  add(value: Value | undefined): void {
    if (value === undefined) return;
    if (this.distinct && this.values.some((other) => compareValues(other, value) === 0)) return;
    this.values.push(value);
  }

  result(): Value {
    return this.values;
  }
}

export function createAccumulator({ operator }: AccumulatorSpec): Accumulator {
  switch (operator) {
    case '$sum':
    case '$count':
      return new Sum();
    case '$avg':
      return new Average();
    case '$min':
    case '$max':
      return new Extremum(operator === '$max' ? 1 : -1);
    case '$first':
    case '$last':
      return new Ends(operator === '$last');
    case '$push':
    case '$addToSet':
      return new Collected(operator === '$addToSet');
  }
}
