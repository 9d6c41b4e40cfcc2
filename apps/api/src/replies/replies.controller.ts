import { HEADERS, type Message } from '@chat/shared-types';
import { Body, Controller, Get, Headers, HttpCode, Param, Post, Res } from '@nestjs/common';
import {
  ApiBearerAuth,
  ApiBody,
  ApiCreatedResponse,
  ApiOkResponse,
  ApiOperation,
  ApiTags,
} from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Types } from 'mongoose';
import { CurrentUserId } from '../auth/current-user.decorator.js';
import { ObjectIdPipe } from '../common/http/object-id.pipe.js';
import { ApiId } from '../common/openapi/api-id.decorator.js';
import { ApiProblem } from '../common/openapi/api-problem.decorator.js';
import { ApiEventStream } from '../common/sse/api-event-stream.decorator.js';
import { MessageDto } from '../messages/dto/message.dto.js';
import { REPLY_EVENT_DTOS } from './dto/reply-event.dto.js';
import { ReplyOptionsDto } from './dto/send-message.dto.js';
import { RepliesService } from './replies.service.js';
import { ReplyStops } from './reply-stops.service.js';
import { ReplyStreams } from './reply-streams.service.js';

@ApiTags('Replies')
@ApiBearerAuth()
@ApiId('id', 'session')
@ApiId('messageId', 'message')
@ApiProblem(400, 401, 404, 500, 503)
@Controller('chat/sessions/:id/messages/:messageId')
export class RepliesController {
  constructor(
    private readonly replies: RepliesService,
    private readonly streams: ReplyStreams,
    private readonly stops: ReplyStops,
  ) {}

  @Get('stream')
  @ApiOperation({
    operationId: 'streamReply',
    summary: 'Follow a reply while it is written; one that has ended is sent at once',
  })
  @ApiEventStream(
    'Events until the reply has ended, a comment line at least every 15 s.',
    REPLY_EVENT_DTOS,
  )
  stream(
    @CurrentUserId() userId: string,
    @Param('id', ObjectIdPipe) sessionId: Types.ObjectId,
    @Param('messageId', ObjectIdPipe) messageId: Types.ObjectId,
    @Headers(HEADERS.lastEventId.toLowerCase()) lastEventId: string | string[] | undefined,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const scope = { userId: new Types.ObjectId(userId), sessionId };
    return this.streams.send(scope, messageId, lastEventId, reply);
  }

  @Post('stop')
  @HttpCode(200)
  @ApiOperation({
    operationId: 'stopReply',
    summary: 'Stop a reply; the message as it stands, also where it had ended before',
  })
  @ApiOkResponse({ type: MessageDto })
  stop(
    @CurrentUserId() userId: string,
    @Param('id', ObjectIdPipe) sessionId: Types.ObjectId,
    @Param('messageId', ObjectIdPipe) messageId: Types.ObjectId,
  ): Promise<Message> {
    return this.stops.stop({ userId: new Types.ObjectId(userId), sessionId }, messageId);
  }

  @Post('regenerate')
  @ApiOperation({
    operationId: 'regenerateReply',
    summary: 'Have a question answered once more: a new reply beside this one',
  })
  @ApiBody({ type: ReplyOptionsDto, required: false })
  @ApiCreatedResponse({ type: MessageDto })
  @ApiProblem(409, 413, 415, 429)
  regenerate(
    @CurrentUserId() userId: string,
    @Param('id', ObjectIdPipe) sessionId: Types.ObjectId,
    @Param('messageId', ObjectIdPipe) messageId: Types.ObjectId,
    @Body() { model }: ReplyOptionsDto,
  ): Promise<Message> {
    const scope = { userId: new Types.ObjectId(userId), sessionId };
    return this.replies.regenerate(scope, messageId, model);
  }

  @Post('continue')
  @HttpCode(200)
  @ApiOperation({
    operationId: 'continueReply',
    summary: 'Go on with a reply that was stopped, interrupted, failed or too long',
  })
  @ApiOkResponse({ type: MessageDto })
  @ApiProblem(409, 429)
  continue(
    @CurrentUserId() userId: string,
    @Param('id', ObjectIdPipe) sessionId: Types.ObjectId,
    @Param('messageId', ObjectIdPipe) messageId: Types.ObjectId,
  ): Promise<Message> {
    return this.replies.continue({ userId: new Types.ObjectId(userId), sessionId }, messageId);
  }
}
