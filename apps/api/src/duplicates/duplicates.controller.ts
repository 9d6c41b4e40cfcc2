import type { ChatSession } from '@chat/shared-types';
import { Body, Controller, Param, Post } from '@nestjs/common';
import { ApiBearerAuth, ApiBody, ApiCreatedResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Types } from 'mongoose';
import { CurrentUserId } from '../auth/current-user.decorator.js';
import { ObjectIdPipe } from '../common/http/object-id.pipe.js';
import { ApiId } from '../common/openapi/api-id.decorator.js';
import { ApiProblem } from '../common/openapi/api-problem.decorator.js';
import { ChatSessionDto } from '../sessions/dto/session.dto.js';
import { DuplicateSessionDto } from './dto/duplicate-session.dto.js';
import { Duplicates } from './duplicates.service.js';

@ApiTags('Sessions')
@ApiBearerAuth()
@ApiProblem(400, 401, 404, 409, 413, 415, 500, 503)
@Controller('chat/sessions/:id/duplicate')
export class DuplicatesController {
  constructor(private readonly duplicates: Duplicates) {}

  @Post()
  @ApiOperation({
    operationId: 'duplicateSession',
    summary: 'Copy a session, or fork it from a message',
    description:
      'Live messages with their versions, revisions, reactions and times; nothing of the trash. A reply that is being written is copied as far as it has come and can be continued. The copy keeps folder, tags, model and system prompt, and is neither pinned, archived nor unread.',
  })
  @ApiId('id', 'session')
  @ApiBody({ type: DuplicateSessionDto, required: false })
  @ApiCreatedResponse({ type: ChatSessionDto })
  duplicate(
    @CurrentUserId() userId: string,
    @Param('id', ObjectIdPipe) sessionId: Types.ObjectId,
    @Body() { until_message_id }: DuplicateSessionDto,
  ): Promise<ChatSession> {
    const scope = { userId: new Types.ObjectId(userId), sessionId };
    const until = until_message_id === undefined ? undefined : new Types.ObjectId(until_message_id);
    return this.duplicates.duplicate(scope, until);
  }
}
