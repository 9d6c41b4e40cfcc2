import { SetMetadata, type CustomDecorator } from '@nestjs/common';

/** Metadata key that `JwtAuthGuard` looks for. */
export const IS_PUBLIC = 'auth:public';

/** Opens a route (or all routes of a controller) to callers without an access token. */
export function Public(): CustomDecorator {
  return SetMetadata(IS_PUBLIC, true);
}
