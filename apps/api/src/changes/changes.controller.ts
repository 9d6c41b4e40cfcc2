import { HEADERS } from '@chat/shared-types';
import { Controller, Get, Headers, Res } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Types } from 'mongoose';
import { CurrentUserId } from '../auth/current-user.decorator.js';
import { ApiProblem } from '../common/openapi/api-problem.decorator.js';
import { ApiEventStream } from '../common/sse/api-event-stream.decorator.js';
import { ChangesService } from './changes.service.js';
import { CHANGE_EVENT_DTOS } from './dto/change-event.dto.js';

@ApiTags('Changes')
@ApiBearerAuth()
@ApiProblem(400, 401, 500, 503)
@Controller('chat/events')
export class ChangesController {
  constructor(private readonly changes: ChangesService) {}

  @Get()
  @ApiOperation({
    operationId: 'followChanges',
    summary:
      "Follow what changes in the caller's sessions and folders, through any tab, device or server",
  })
  @ApiEventStream(
    'Events for as long as an access token lasts; then the client comes back with a new one. A comment line at least every 15 s. Reading begins a few seconds in the past, so an event can repeat what is known.',
    CHANGE_EVENT_DTOS,
  )
  follow(
    @CurrentUserId() userId: string,
    @Headers(HEADERS.lastEventId.toLowerCase()) lastEventId: string | string[] | undefined,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    return this.changes.send(new Types.ObjectId(userId), lastEventId, reply);
  }
}
