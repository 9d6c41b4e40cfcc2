import { hasLength } from '@chat/shared-types';

/** A text, or null, of at most so many characters; Mongoose's `maxlength` counts code units. */
export function mostCharacters(max: number): {
  readonly validator: (text: string | null) => boolean;
  readonly message: string;
} {
  return {
    validator: (text) => text === null || hasLength(text, { max }),
    message: `{PATH} is longer than ${max} characters`,
  };
}
