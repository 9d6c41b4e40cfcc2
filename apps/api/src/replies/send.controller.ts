import { HEADERS, type SentMessage } from '@chat/shared-types';
import { Body, Controller, Param, Post, Res } from '@nestjs/common';
import {
  ApiBearerAuth,
  ApiCreatedResponse,
  ApiHeader,
  ApiOperation,
  ApiTags,
} from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Types } from 'mongoose';
import { CurrentUserId } from '../auth/current-user.decorator.js';
import { ObjectIdPipe } from '../common/http/object-id.pipe.js';
import { IdempotencyKey } from '../common/idempotency/idempotency-key.decorator.js';
import type { Outcome } from '../common/idempotency/idempotency.js';
import { ApiId } from '../common/openapi/api-id.decorator.js';
import { ApiProblem } from '../common/openapi/api-problem.decorator.js';
import { invalidField } from '../common/problem/problem.exception.js';
import type { MessageScope } from '../messages/messages.repository.js';
import { MessagesService } from '../messages/messages.service.js';
import { SendMessageWithReplyDto, SentMessageDto } from './dto/send-message.dto.js';
import { RepliesService } from './replies.service.js';

/** Sends messages. It stands here because only this room knows both messages and their replies. */
@ApiTags('Messages')
@ApiBearerAuth()
@ApiId('id', 'session')
@ApiProblem(400, 401, 404, 500, 503)
@Controller('chat/sessions/:id/messages')
export class SendController {
  constructor(
    private readonly messages: MessagesService,
    private readonly replies: RepliesService,
  ) {}

  @Post()
  @ApiOperation({
    operationId: 'sendMessage',
    summary: 'Send a message and, where asked for, have it answered',
  })
  @ApiHeader({
    name: HEADERS.idempotencyKey,
    required: false,
    description: 'A retry with the same key answers the first result for 24 hours.',
  })
  @ApiCreatedResponse({
    type: SentMessageDto,
    headers: {
      [HEADERS.idempotencyReplayed]: {
        description: '`true` where this is the result of an earlier request with the same key.',
        schema: { type: 'string', enum: ['true'] },
      },
    },
  })
  @ApiProblem(409, 413, 415, 422, 429)
  async send(
    @CurrentUserId() userId: string,
    @Param('id', ObjectIdPipe) sessionId: Types.ObjectId,
    @IdempotencyKey() key: string | undefined,
    @Body() body: SendMessageWithReplyDto,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<SentMessage> {
    const scope = { userId: new Types.ObjectId(userId), sessionId };
    const { value, replayed } = await this.store(scope, body, key);
    if (replayed) reply.header(HEADERS.idempotencyReplayed, 'true');
    return value;
  }

  private store(
    scope: MessageScope,
    { content, role = 'user', parent_id, reply }: SendMessageWithReplyDto,
    key: string | undefined,
  ): Promise<Outcome<SentMessage>> {
    const parentId = typeof parent_id === 'string' ? new Types.ObjectId(parent_id) : parent_id;
    if (reply === undefined) return this.messages.send(scope, { content, role, parentId }, key);
    if (role !== 'user') {
      throw invalidField('/reply', 'Only a message of the role user can be answered.');
    }
    return this.replies.send(scope, { content, parentId, model: reply.model }, key);
  }
}
