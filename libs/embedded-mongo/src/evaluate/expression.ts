import { CommandError, notImplemented } from '../errors.js';
import { compareValues } from '../bson-order/compare.js';
import { add, multiply, toDouble } from '../bson-order/numbers.js';
import {
  Doc,
  Double,
  Int32,
  isNumeric,
  typeName,
  type NumericValue,
  type Value,
} from '../bson/values.js';
import { checkGuardedOperand, evaluateGuarded, isGuardedOperator } from './mingo-guard.js';
import type { Path } from './paths.js';

/** A parsed aggregation expression. */
export type Expression =
  | { readonly kind: 'literal'; readonly value: Value }
  | { readonly kind: 'path'; readonly path: Path }
  | { readonly kind: 'root' }
  | { readonly kind: 'document'; readonly fields: ReadonlyMap<string, Expression> }
  | { readonly kind: 'array'; readonly items: readonly Expression[] }
  | {
      readonly kind: 'guarded';
      readonly operator: string;
      readonly args: ReadonlyMap<string, Expression> | readonly Expression[];
    }
  | { readonly kind: 'operator'; readonly apply: Operator; readonly args: readonly Expression[] };

/** Arguments come evaluated; `undefined` is a missing field. */
type Operator = (args: readonly (Value | undefined)[]) => Value | undefined;

/** Truth as aggregation sees it: null, missing, false and zero are false. */
export function isTrue(value: Value | undefined): boolean {
  if (value === undefined || value === null || value === false) return false;
  return !isNumeric(value) || toDouble(value) !== 0;
}

function compareArguments(args: readonly (Value | undefined)[]): number {
  const [left, right] = args;
  // Missing is below null in expressions.
  if (left === undefined || right === undefined) {
    return Number(left !== undefined) - Number(right !== undefined);
  }
  return compareValues(left, right);
}

function numberArgument(operator: string, value: Value): NumericValue {
  if (!isNumeric(value)) {
    throw new CommandError(
      'TypeMismatch',
      `${operator} only supports numeric types, not ${typeName(value)}`,
    );
  }
  return value;
}

function isNullish(value: Value | undefined): value is null | undefined {
  return value === null || value === undefined;
}

function fold(
  operator: string,
  combine: (a: NumericValue, b: NumericValue) => NumericValue,
): Operator {
  return (args) => {
    let total: NumericValue | undefined;
    for (const value of args) {
      if (isNullish(value)) return null;
      const number = numberArgument(operator, value);
      total = total === undefined ? number : combine(total, number);
    }
    return total ?? new Int32(operator === '$add' ? 0 : 1);
  };
}

function subtract([left, right]: readonly (Value | undefined)[]): Value {
  if (isNullish(left) || isNullish(right)) return null;
  if (left instanceof Date && right instanceof Date) {
    return BigInt(left.getTime() - right.getTime());
  }
  if (left instanceof Date) {
    return new Date(left.getTime() - toDouble(numberArgument('$subtract', right)));
  }
  const negated = multiply(numberArgument('$subtract', right), new Int32(-1));
  return add(numberArgument('$subtract', left), negated);
}

function divide([left, right]: readonly (Value | undefined)[]): Value {
  if (isNullish(left) || isNullish(right)) return null;
  const divisor = toDouble(numberArgument('$divide', right));
  if (divisor === 0) throw new CommandError('BadValue', "can't $divide by zero");
  return new Double(toDouble(numberArgument('$divide', left)) / divisor);
}

function concat(args: readonly (Value | undefined)[]): Value {
  let out = '';
  for (const value of args) {
    if (isNullish(value)) return null;
    if (typeof value !== 'string') {
      throw new CommandError(
        'TypeMismatch',
        `$concat only supports strings, not ${typeName(value)}`,
      );
    }
    out += value;
  }
  return out;
}

function concatArrays(args: readonly (Value | undefined)[]): Value {
  const out: Value[] = [];
  for (const value of args) {
    if (isNullish(value)) return null;
    if (!Array.isArray(value)) {
      throw new CommandError(
        'TypeMismatch',
        `$concatArrays only supports arrays, not ${typeName(value)}`,
      );
    }
    out.push(...value);
  }
  return out;
}

function arrayElement([array, position]: readonly (Value | undefined)[]): Value | undefined {
  if (isNullish(array) || isNullish(position)) return null;
  if (!Array.isArray(array)) {
    throw new CommandError('TypeMismatch', `$arrayElemAt's first argument must be an array`);
  }
  return array.at(toDouble(numberArgument('$arrayElemAt', position)));
}

function sizeOf([value]: readonly (Value | undefined)[]): Value {
  if (!Array.isArray(value)) {
    throw new CommandError('TypeMismatch', 'The argument to $size must be an array');
  }
  return new Int32(value.length);
}

function isIn([value, array]: readonly (Value | undefined)[]): Value {
  if (!Array.isArray(array))
    throw new CommandError('TypeMismatch', '$in requires an array as a second argument');
  return value !== undefined && array.some((item) => compareValues(item, value) === 0);
}

function ifNull(args: readonly (Value | undefined)[]): Value | undefined {
  return args.find((value) => !isNullish(value)) ?? args.at(-1);
}

/** Operators with their number of arguments (undefined: any). */
const OPERATORS: Record<string, { readonly arity?: number; readonly apply: Operator }> = {
  $eq: { arity: 2, apply: (args) => compareArguments(args) === 0 },
  $ne: { arity: 2, apply: (args) => compareArguments(args) !== 0 },
  $gt: { arity: 2, apply: (args) => compareArguments(args) > 0 },
  $gte: { arity: 2, apply: (args) => compareArguments(args) >= 0 },
  $lt: { arity: 2, apply: (args) => compareArguments(args) < 0 },
  $lte: { arity: 2, apply: (args) => compareArguments(args) <= 0 },
  $cmp: { arity: 2, apply: (args) => new Int32(Math.sign(compareArguments(args))) },
  $and: { apply: (args) => args.every(isTrue) },
  $or: { apply: (args) => args.some(isTrue) },
  $not: { arity: 1, apply: ([value]) => !isTrue(value) },
  $ifNull: { apply: ifNull },
  $add: { apply: fold('$add', add) },
  $multiply: { apply: fold('$multiply', multiply) },
  $subtract: { arity: 2, apply: subtract },
  $divide: { arity: 2, apply: divide },
  $concat: { apply: concat },
  $concatArrays: { apply: concatArrays },
  $arrayElemAt: { arity: 2, apply: arrayElement },
  $size: { arity: 1, apply: sizeOf },
  $in: { arity: 2, apply: isIn },
  $isArray: { arity: 1, apply: ([value]) => Array.isArray(value) },
  $type: { arity: 1, apply: ([value]) => (value === undefined ? 'missing' : typeName(value)) },
  $strLenCP: {
    arity: 1,
    apply: ([value]) => {
      if (typeof value !== 'string')
        throw new CommandError('TypeMismatch', '$strLenCP requires a string argument');
      return new Int32(Array.from(value).length);
    },
  },
  $cond: { arity: 3, apply: ([condition, yes, no]) => (isTrue(condition) ? yes : no) },
};

function parsePath(text: string): Expression {
  if (text === '$$ROOT' || text === '$$CURRENT') return { kind: 'root' };
  if (text.startsWith('$$ROOT.')) return { kind: 'path', path: text.slice(7).split('.') };
  if (text.startsWith('$$')) throw notImplemented(`The variable ${text}`);
  const path = text.slice(1).split('.');
  if (path.some((part) => part === '')) {
    throw new CommandError('FailedToParse', `'${text}' is not a valid field path`);
  }
  return { kind: 'path', path };
}

/**
 * Parses an expression.
 * @throws CommandError NotImplemented for operators and variables that are not supported
 */
export function parseExpression(value: Value): Expression {
  if (typeof value === 'string' && value.startsWith('$')) return parsePath(value);
  if (Array.isArray(value)) return { kind: 'array', items: value.map(parseExpression) };
  if (!(value instanceof Doc)) return { kind: 'literal', value };
  const [entry] = value;
  if (entry?.[0].startsWith('$')) {
    if (value.size !== 1) {
      throw new CommandError('FailedToParse', 'an expression must have exactly one operator');
    }
    return parseOperator(entry[0], entry[1]);
  }
  return {
    kind: 'document',
    fields: new Map([...value].map(([key, member]) => [key, parseExpression(member)])),
  };
}

function parseGuarded(operator: string, operand: Value): Expression {
  checkGuardedOperand(operator, operand);
  const byName = operand instanceof Doc && ![...operand.keys()].some((key) => key.startsWith('$'));
  if (byName) {
    const args = new Map([...operand].map(([name, member]) => [name, parseExpression(member)]));
    return { kind: 'guarded', operator, args };
  }
  const args = (Array.isArray(operand) ? operand : [operand]).map(parseExpression);
  return { kind: 'guarded', operator, args };
}

function parseOperator(operator: string, operand: Value): Expression {
  if (operator === '$literal') return { kind: 'literal', value: operand };
  if (isGuardedOperator(operator)) return parseGuarded(operator, operand);
  const known = OPERATORS[operator];
  if (!known || !Object.hasOwn(OPERATORS, operator)) {
    throw notImplemented(`The expression ${operator}`);
  }
  let args: Expression[];
  if (operator === '$cond' && operand instanceof Doc) {
    args = ['if', 'then', 'else'].map((part) => parseExpression(operand.get(part) ?? null));
  } else args = (Array.isArray(operand) ? operand : [operand]).map(parseExpression);
  if (known.arity !== undefined && args.length !== known.arity) {
    throw new CommandError(
      'FailedToParse',
      `Expression ${operator} takes exactly ${known.arity} arguments. ${args.length} were passed in.`,
    );
  }
  return { kind: 'operator', apply: known.apply, args };
}

/** Path access as aggregation does it: through an array it collects what the elements have. */
function collect(value: Value | undefined, path: Path, depth: number): Value | undefined {
  if (depth === path.length) return value;
  if (value instanceof Doc) return collect(value.get(path[depth] ?? ''), path, depth + 1);
  if (!Array.isArray(value)) return undefined;
  const found: Value[] = [];
  for (const item of value) {
    const member = collect(item, path, depth);
    if (member !== undefined) found.push(member);
  }
  return found;
}

/** Evaluates an expression on a document; undefined means that the result is missing. */
export function evaluateExpression(expression: Expression, root: Doc): Value | undefined {
  switch (expression.kind) {
    case 'literal':
      return expression.value;
    case 'root':
      return root;
    case 'path':
      return collect(root, expression.path, 0);
    case 'array':
      return expression.items.map((item) => evaluateExpression(item, root) ?? null);
    case 'document': {
      const result = new Doc();
      for (const [key, member] of expression.fields) {
        const value = evaluateExpression(member, root);
        if (value !== undefined) result.set(key, value);
      }
      return result;
    }
    case 'guarded': {
      const { operator, args } = expression;
      if (Array.isArray(args)) {
        return evaluateGuarded(
          operator,
          args.map((arg: Expression) => evaluateExpression(arg, root)),
        );
      }
      const named = new Map<string, Value | undefined>();
      for (const [name, arg] of args as ReadonlyMap<string, Expression>) {
        named.set(name, evaluateExpression(arg, root));
      }
      return evaluateGuarded(operator, named);
    }
    case 'operator':
      return expression.apply(expression.args.map((arg) => evaluateExpression(arg, root)));
  }
}
