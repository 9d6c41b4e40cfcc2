import {
  Binary,
  Code,
  Decimal128,
  Doc,
  Double,
  Int32,
  ObjectId,
  Regex,
  Timestamp,
  type Value,
} from './values.js';

/** Shows a value in an error message the way MongoDB does. */
export function formatValue(value: Value): string {
  if (value === null) return 'null';
  if (typeof value === 'string') return JSON.stringify(value);
  if (typeof value === 'boolean' || typeof value === 'bigint') return String(value);
  if (value instanceof Int32) return String(value.value);
  if (value instanceof Double) {
    return Number.isInteger(value.value) ? value.value.toFixed(1) : String(value.value);
  }
  if (value instanceof ObjectId) return `ObjectId('${value.toString()}')`;
  if (value instanceof Date) return `new Date(${value.getTime()})`;
  if (value instanceof Doc) {
    return `{ ${[...value].map(([key, member]) => `${key}: ${formatValue(member)}`).join(', ')} }`;
  }
  if (Array.isArray(value)) return `[ ${value.map(formatValue).join(', ')} ]`;
  return formatRare(value);
}

function formatRare(value: object): string {
  if (value instanceof Binary) {
    return `BinData(${value.subtype}, ${Buffer.from(value.bytes).toString('hex').toUpperCase()})`;
  }
  if (value instanceof Timestamp) {
    return `Timestamp(${String(value.value >> 32n)}, ${String(value.value & 0xffffffffn)})`;
  }
  if (value instanceof Regex) return `/${value.pattern}/${value.options}`;
  if (value instanceof Decimal128) return 'NumberDecimal';
  return value instanceof Code ? value.source : value.constructor.name;
}
