import { LIMITS } from '@chat/shared-types';
import { applyDecorators } from '@nestjs/common';
import { ApiPropertyOptional } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import { ValidateBy, ValidateIf } from 'class-validator';
import { isTag, tagKey, tidyTag } from '../tags.js';

const { min, max } = LIMITS.tag;
const most = LIMITS.tagsPerSession;

/**
 * Optional: tags, tidied first, then measured.
 *
 * @param least how many at least.
 */
export function AreTags(least: 0 | 1): PropertyDecorator {
  const count = least === 0 ? `at most ${most}` : `${least} to ${most}`;
  return applyDecorators(
    ApiPropertyOptional({
      type: 'array',
      minItems: least,
      maxItems: most,
      items: { type: 'string', minLength: min, maxLength: max },
      example: ['work'],
      description: 'No two alike, whether in capitals or not.',
    }),
    Transform(({ value }: { value: unknown }) =>
      Array.isArray(value)
        ? value.map((tag: unknown) => (typeof tag === 'string' ? tidyTag(tag) : tag))
        : value,
    ),
    ValidateIf((_body, value) => value !== undefined),
    ValidateBy(
      { name: 'areTags', validator: { validate: (value) => areTags(value, least) } },
      {
        message: `$property must be ${count} texts of ${min} to ${max} characters that are not only blanks, no two alike`,
      },
    ),
  );
}

function areTags(value: unknown, least: number): boolean {
  if (!Array.isArray(value) || value.length < least || value.length > most) return false;
  const tags = value.filter((tag) => typeof tag === 'string' && isTag(tag)) as string[];
  return tags.length === value.length && new Set(tags.map(tagKey)).size === tags.length;
}
