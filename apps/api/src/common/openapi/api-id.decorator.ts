import { ApiParam } from '@nestjs/swagger';

/** Documents an id in the path. */
export function ApiId(name: string, of: string): MethodDecorator & ClassDecorator {
  return ApiParam({
    name,
    description: `The id of the ${of}.`,
    schema: { type: 'string', pattern: '^[0-9a-fA-F]{24}$' },
  });
}
