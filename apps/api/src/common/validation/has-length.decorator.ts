import { hasLength, type TextLimits } from '@chat/shared-types';
import { ValidateBy, type ValidationOptions } from 'class-validator';

/**
 * A text within limits, in characters. class-validator's own `Length` leaves variation selectors
 * out, so that a text of nothing else had no length and one of any size could pass.
 */
export function HasLength(limits: TextLimits, options?: ValidationOptions): PropertyDecorator {
  return ValidateBy(
    {
      name: 'hasLength',
      validator: {
        validate: (value: unknown) => typeof value === 'string' && hasLength(value, limits),
      },
    },
    options,
  );
}
