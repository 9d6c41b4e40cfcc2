import { ValidateBy, type ValidationOptions } from 'class-validator';

/**
 * A text that UTF-8 can hold. A lone surrogate cannot be stored as it was sent, and what is stored
 * must be what was sent, so it is refused instead of being replaced.
 */
export function IsWellFormed(options?: ValidationOptions): PropertyDecorator {
  return ValidateBy(
    {
      name: 'isWellFormed',
      validator: {
        validate: (value: unknown) => typeof value === 'string' && isWellFormed(value),
        defaultMessage: () => 'The text holds half of a surrogate pair, which is no character',
      },
    },
    options,
  );
}

/** `String.prototype.isWellFormed`, whose type this language level does not know yet. */
export function isWellFormed(value: string): boolean {
  return !/\p{Surrogate}/u.test(value);
}
