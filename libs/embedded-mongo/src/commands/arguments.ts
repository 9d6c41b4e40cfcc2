import { toDouble } from '../bson-order/numbers.js';
import { Doc, isNumeric, typeName, type Value } from '../bson/values.js';
import { CommandError } from '../errors.js';

/**
 * The members of a command (or of one of its statements), read with their types. Unknown members
 * are refused: an option that is not supported must never be ignored.
 */
export class Arguments {
  constructor(
    private readonly where: string,
    readonly members: Doc,
  ) {}

  /** @throws CommandError Location40415 for a member that is not in `known` */
  only(known: ReadonlySet<string>): this {
    for (const name of this.members.keys()) {
      if (!known.has(name)) {
        throw new CommandError(
          'Location40415',
          `BSON field '${this.where}.${name}' is an unknown field.`,
        );
      }
    }
    return this;
  }

  has(name: string): boolean {
    return this.members.has(name);
  }

  value(name: string): Value | undefined {
    return this.members.get(name);
  }

  string(name: string): string {
    const value = this.required(name);
    if (typeof value !== 'string') throw this.mismatch(name, value, 'string');
    return value;
  }

  optionalString(name: string): string | undefined {
    const value = this.members.get(name);
    return value === undefined || value === null ? undefined : this.string(name);
  }

  /** A boolean, or a number as MongoDB accepts it in its place. */
  flag(name: string, fallback = false): boolean {
    const value = this.members.get(name);
    if (value === undefined || value === null) return fallback;
    if (typeof value === 'boolean') return value;
    if (isNumeric(value)) return toDouble(value) !== 0;
    throw this.mismatch(name, value, 'bool');
  }

  /** A whole number of any type. */
  integer(name: string): number | undefined {
    const value = this.members.get(name);
    if (value === undefined || value === null) return undefined;
    if (!isNumeric(value)) throw this.mismatch(name, value, 'long');
    const number = toDouble(value);
    if (!Number.isSafeInteger(number)) {
      throw new CommandError('BadValue', `'${name}' must be a whole number`);
    }
    return number;
  }

  /** A whole number that is not negative. */
  count(name: string): number | undefined {
    const number = this.integer(name);
    if (number !== undefined && number < 0) {
      throw new CommandError(
        'BadValue',
        `BSON field '${name}' value must be >= 0, actual value '${number}'`,
      );
    }
    return number;
  }

  document(name: string): Doc {
    const value = this.required(name);
    if (!(value instanceof Doc)) throw this.mismatch(name, value, 'object');
    return value;
  }

  optionalDocument(name: string): Doc | undefined {
    const value = this.members.get(name);
    return value === undefined || value === null ? undefined : this.document(name);
  }

  list(name: string): readonly Value[] {
    const value = this.required(name);
    if (!Array.isArray(value)) throw this.mismatch(name, value, 'array');
    return value;
  }

  documents(name: string): Doc[] {
    return this.list(name).map((item) => {
      if (!(item instanceof Doc)) throw this.mismatch(name, item, 'object');
      return item;
    });
  }

  private required(name: string): Value {
    const value = this.members.get(name);
    if (value === undefined) {
      throw new CommandError(
        'Location40415',
        `BSON field '${this.where}.${name}' is missing but a required field`,
      );
    }
    return value;
  }

  private mismatch(name: string, value: Value, expected: string): CommandError {
    return new CommandError(
      'TypeMismatch',
      `BSON field '${this.where}.${name}' is the wrong type '${typeName(value)}', expected type '${expected}'`,
    );
  }
}
