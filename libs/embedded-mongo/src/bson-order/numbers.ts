import { CommandError } from '../errors.js';
import { Decimal128, Double, Int32, type NumericValue } from '../bson/values.js';

/**
 * Exact arithmetic and comparison across BSON's four number types. MongoDB compares numbers by
 * value, whatever their type, and so do we: through doubles where that is exact, through scaled
 * big integers where it is not.
 */

/** A finite number as `coefficient × 10^exponent`. */
export interface Scaled {
  readonly coefficient: bigint;
  readonly exponent: number;
}

export type DecimalParts = Scaled | 'NaN' | 'Infinity' | '-Infinity';

const EXPONENT_BIAS = 6176;
const COEFFICIENT_LIMIT = 10n ** 34n;
const MAX_EXPONENT = 6111;

/** Takes a decimal128 apart. */
export function decimalParts(value: Decimal128): DecimalParts {
  const view = Buffer.from(value.bytes);
  const high = view.readBigUInt64LE(8);
  const low = view.readBigUInt64LE(0);
  const negative = high >> 63n === 1n;
  const combination = Number((high >> 58n) & 31n);
  if (combination === 31) return 'NaN';
  if (combination === 30) return negative ? '-Infinity' : 'Infinity';
  let exponent: number;
  let coefficient: bigint;
  if (combination >> 3 === 3) {
    // The large-coefficient form can only hold values over 34 digits, which count as zero.
    exponent = Number((high >> 47n) & 0x3fffn) - EXPONENT_BIAS;
    coefficient = 0n;
  } else {
    exponent = Number((high >> 49n) & 0x3fffn) - EXPONENT_BIAS;
    coefficient = ((high & 0x1ffffffffffffn) << 64n) | low;
    if (coefficient >= COEFFICIENT_LIMIT) coefficient = 0n;
  }
  return { coefficient: negative ? -coefficient : coefficient, exponent };
}

/**
 * Builds a decimal128 from an exact number.
 * @throws CommandError when it does not fit in 34 digits (we refuse rather than round)
 */
export function decimalFrom({ coefficient, exponent }: Scaled): Decimal128 {
  const negative = coefficient < 0n;
  let digits = negative ? -coefficient : coefficient;
  let scale = exponent;
  while (digits >= COEFFICIENT_LIMIT || scale < -EXPONENT_BIAS) {
    if (digits % 10n !== 0n) throw inexact();
    digits /= 10n;
    scale += 1;
  }
  while (scale > MAX_EXPONENT && digits * 10n < COEFFICIENT_LIMIT) {
    digits *= 10n;
    scale -= 1;
  }
  if (scale > MAX_EXPONENT) throw inexact();
  const bytes = Buffer.alloc(16);
  const high =
    (negative ? 1n << 63n : 0n) | (BigInt(scale + EXPONENT_BIAS) << 49n) | (digits >> 64n);
  bytes.writeBigUInt64LE(digits & 0xffffffffffffffffn, 0);
  bytes.writeBigUInt64LE(high, 8);
  return new Decimal128(bytes);
}

function inexact(): CommandError {
  return new CommandError('BadValue', 'decimal result is not exact in 34 digits');
}

const doubleBits = Buffer.alloc(8);

/** A finite double as an exact scaled number (2^-n = 5^n × 10^-n). */
export function scaledFromDouble(value: number): Scaled {
  if (Number.isInteger(value)) return { coefficient: BigInt(value), exponent: 0 };
  doubleBits.writeDoubleBE(value);
  const bits = doubleBits.readBigUInt64BE();
  const biased = Number((bits >> 52n) & 0x7ffn);
  const fraction = bits & 0xfffffffffffffn;
  const mantissa = biased === 0 ? fraction : fraction | (1n << 52n);
  const power = (biased === 0 ? 1 : biased) - 1075;
  const signed = bits >> 63n === 1n ? -mantissa : mantissa;
  return { coefficient: signed * 5n ** BigInt(-power), exponent: power };
}

/** The exact value, or undefined for NaN and the infinities. */
export function scaledOf(value: NumericValue): Scaled | undefined {
  if (typeof value === 'bigint') return { coefficient: value, exponent: 0 };
  if (value instanceof Decimal128) {
    const parts = decimalParts(value);
    return typeof parts === 'string' ? undefined : parts;
  }
  return Number.isFinite(value.value) ? scaledFromDouble(value.value) : undefined;
}

/** Compares exactly; the result is negative, zero or positive. */
export function compareScaled(a: Scaled, b: Scaled): number {
  const signA = a.coefficient === 0n ? 0 : a.coefficient < 0n ? -1 : 1;
  const signB = b.coefficient === 0n ? 0 : b.coefficient < 0n ? -1 : 1;
  if (signA !== signB || signA === 0) return signA - signB;
  const shift = Math.min(a.exponent, b.exponent);
  const left = a.coefficient * 10n ** BigInt(a.exponent - shift);
  const right = b.coefficient * 10n ** BigInt(b.exponent - shift);
  return left === right ? 0 : left < right ? -1 : 1;
}

/** The whole part, exactly; undefined for NaN and the infinities. */
export function wholePart(value: NumericValue): bigint | undefined {
  const exact = scaledOf(value);
  if (!exact) return undefined;
  const { coefficient, exponent } = exact;
  return exponent < 0
    ? coefficient / 10n ** BigInt(-exponent)
    : coefficient * 10n ** BigInt(exponent);
}

/** The nearest double; exact for Int32 and Double. */
export function toDouble(value: NumericValue): number {
  if (typeof value === 'bigint') return Number(value);
  if (value instanceof Decimal128) {
    const parts = decimalParts(value);
    if (typeof parts === 'string') return Number(parts);
    return Number(`${parts.coefficient.toString()}e${parts.exponent}`);
  }
  return value.value;
}

/** Compares two numbers by value; NaN equals itself and is less than everything. */
export function compareNumbers(a: NumericValue, b: NumericValue): number {
  const left = toDouble(a);
  const right = toDouble(b);
  if (Number.isNaN(left) || Number.isNaN(right)) {
    return Number(Number.isNaN(right)) - Number(Number.isNaN(left));
  }
  if (isSmall(a) && isSmall(b)) return left === right ? 0 : left < right ? -1 : 1;
  const exactA = scaledOf(a);
  const exactB = scaledOf(b);
  // A finite decimal may exceed every double, so an infinity is told apart before rounding.
  if (exactA === undefined || exactB === undefined) {
    const signA = exactA === undefined ? left : 0;
    const signB = exactB === undefined ? right : 0;
    return signA === signB ? 0 : signA < signB ? -1 : 1;
  }
  return compareScaled(exactA, exactB);
}

/** Numbers that a JavaScript number holds exactly. */
function isSmall(value: NumericValue): value is Int32 | Double {
  return value instanceof Int32 || value instanceof Double;
}

const INT32_MAX = 2 ** 31 - 1;
const INT64_MIN = -(2n ** 63n);
const INT64_MAX = 2n ** 63n - 1n;

function integer(value: bigint, wide: boolean): NumericValue {
  if (value < INT64_MIN || value > INT64_MAX) {
    throw new CommandError('BadValue', 'integer result is outside of 64 bits');
  }
  if (!wide && value >= BigInt(-INT32_MAX - 1) && value <= BigInt(INT32_MAX)) {
    return new Int32(Number(value));
  }
  return value;
}

function decimalArithmetic(a: NumericValue, b: NumericValue, multiply: boolean): Decimal128 {
  const left = scaledOf(a);
  const right = scaledOf(b);
  if (!left || !right)
    throw new CommandError('NotImplemented', 'decimal arithmetic on NaN or infinity');
  if (multiply) {
    return decimalFrom({
      coefficient: left.coefficient * right.coefficient,
      exponent: left.exponent + right.exponent,
    });
  }
  const exponent = Math.min(left.exponent, right.exponent);
  return decimalFrom({
    coefficient:
      left.coefficient * 10n ** BigInt(left.exponent - exponent) +
      right.coefficient * 10n ** BigInt(right.exponent - exponent),
    exponent,
  });
}

function arithmetic(a: NumericValue, b: NumericValue, multiply: boolean): NumericValue {
  if (a instanceof Decimal128 || b instanceof Decimal128) {
    return decimalArithmetic(a, b, multiply);
  }
  if (a instanceof Double || b instanceof Double) {
    const left = toDouble(a);
    const right = toDouble(b);
    return new Double(multiply ? left * right : left + right);
  }
  const left = typeof a === 'bigint' ? a : BigInt(a.value);
  const right = typeof b === 'bigint' ? b : BigInt(b.value);
  const wide = typeof a === 'bigint' || typeof b === 'bigint';
  return integer(multiply ? left * right : left + right, wide);
}

/** Sum with MongoDB's type rules: the wider type wins, Int32 grows to Long, Long overflow fails. */
export function add(a: NumericValue, b: NumericValue): NumericValue {
  return arithmetic(a, b, false);
}

/** Product with the same rules as {@link add}. */
export function multiply(a: NumericValue, b: NumericValue): NumericValue {
  return arithmetic(a, b, true);
}
