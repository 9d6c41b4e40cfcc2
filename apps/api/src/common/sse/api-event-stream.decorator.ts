import { HEADERS } from '@chat/shared-types';
import { applyDecorators, type Type } from '@nestjs/common';
import { ApiExtraModels, ApiHeader, ApiOkResponse, getSchemaPath } from '@nestjs/swagger';

/**
 * Documents a response of server-sent events. OpenAPI has no words for events: the schema is that
 * of one event with its fields as members, `data` parsed.
 *
 * @param events one class an event, each with the members `event`, `id` and `data`.
 */
export function ApiEventStream(description: string, events: readonly Type[]): MethodDecorator {
  return applyDecorators(
    ApiExtraModels(...events),
    ApiHeader({
      name: HEADERS.lastEventId,
      required: false,
      description: 'The `id` of the last event that was received; goes on behind it.',
    }),
    ApiOkResponse({
      description,
      content: {
        'text/event-stream': {
          schema: { oneOf: events.map((event) => ({ $ref: getSchemaPath(event) })) },
        },
      },
    }),
  );
}
