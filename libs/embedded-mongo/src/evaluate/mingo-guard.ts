import { createRequire } from 'node:module';
import type { evalExpr as EvalExpr } from 'mingo/core';
import { CommandError, notImplemented } from '../errors.js';
import { Doc, Double, Int32, typeName, type Value } from '../bson/values.js';

/**
 * Expressions on text and dates are evaluated by mingo. It knows no BSON types and is exact only
 * where none are at stake, so every argument is evaluated here first and let through only when it
 * is text, a date, a boolean, null or a number that JavaScript holds exactly; so is the result.
 */
const EXACT_OPERATORS: ReadonlySet<string> = new Set([
  '$dateToString',
  '$dateTrunc',
  '$year',
  '$month',
  '$dayOfMonth',
  '$dayOfWeek',
  '$dayOfYear',
  '$hour',
  '$minute',
  '$second',
  '$millisecond',
  '$split',
  '$trim',
  '$ltrim',
  '$rtrim',
  '$replaceOne',
  '$replaceAll',
  '$substrCP',
]);

/** Date formats and time zones are mingo's own code: only plain UTC was found to agree. */
const REFUSED_MEMBERS: ReadonlySet<string> = new Set([
  'timezone',
  'binSize',
  'startOfWeek',
  'onNull',
]);

export function isGuardedOperator(operator: string): boolean {
  return EXACT_OPERATORS.has(operator);
}

type Plain = string | number | boolean | null | Date;

function plain(operator: string, value: Value | undefined): Plain {
  if (value === undefined || value === null) return null;
  if (typeof value === 'string' || typeof value === 'boolean' || value instanceof Date)
    return value;
  if (value instanceof Int32) return value.value;
  throw notImplemented(`${operator} of a value of type ${typeName(value)}`);
}

let evaluate: typeof EvalExpr | undefined;
let options: unknown;

/** Loaded at the first use: most processes never need it, and it takes memory and time. */
function mingo(expression: unknown): unknown {
  if (!evaluate) {
    const require = createRequire(import.meta.url);
    const core = require('mingo/core') as typeof import('mingo/core');
    const expressions = require('mingo/operators/expression') as Record<string, never>;
    const context = core.Context.init({ expression: { ...expressions } });
    evaluate = core.evalExpr;
    options = { context, idKey: '_id', processingMode: core.ProcessingMode.CLONE_OFF };
  }
  return evaluate({}, expression, options as never);
}

/** A literal, so that text like "$name" is not read as a path. */
function literal(value: Plain): unknown {
  return { $literal: value };
}

/** Checks the shape of an operand; its members are expressions of their own. */
export function checkGuardedOperand(operator: string, operand: Value): void {
  if (!(operand instanceof Doc)) return;
  for (const name of operand.keys()) {
    if (REFUSED_MEMBERS.has(name)) throw notImplemented(`The member ${name} of ${operator}`);
  }
}

/**
 * Evaluates an operator on arguments that are evaluated already: by name, or in order.
 * @throws CommandError NotImplemented where mingo would not be exact, BadValue where it fails
 */
export function evaluateGuarded(
  operator: string,
  args: ReadonlyMap<string, Value | undefined> | readonly (Value | undefined)[],
): Value {
  const given = [...args.values()].map((value) => plain(operator, value));
  const named = args instanceof Map ? [...args.keys()].map(String) : undefined;
  const operand = named
    ? Object.fromEntries(named.map((name, at) => [name, literal(given[at] ?? null)]))
    : given.length === 1
      ? literal(given[0] ?? null)
      : given.map(literal);
  // For every operator of the list, null in means null out.
  if ((named ? given.slice(0, 1) : given).includes(null)) return null;
  let result: unknown;
  try {
    result = mingo({ [operator]: operand });
  } catch (error) {
    const why = error instanceof Error ? error.message : 'failed';
    throw new CommandError('BadValue', `${operator}: ${why}`);
  }
  return fromPlain(operator, result);
}

function fromPlain(operator: string, value: unknown): Value {
  if (value === null || value === undefined) return null;
  if (typeof value === 'string' || typeof value === 'boolean') return value;
  if (value instanceof Date && !Number.isNaN(value.getTime())) return value;
  if (Array.isArray(value)) return value.map((item) => fromPlain(operator, item));
  if (typeof value === 'number') {
    return Number.isSafeInteger(value) && Math.abs(value) < 2 ** 31
      ? new Int32(value)
      : new Double(value);
  }
  throw notImplemented(`The result of ${operator}`);
}
