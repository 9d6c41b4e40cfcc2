import { HEADERS, type ListedMessage, type Message } from '@chat/shared-types';
import {
  Body,
  Controller,
  Delete,
  Get,
  HttpCode,
  Param,
  Post,
  Query,
  Req,
  Res,
} from '@nestjs/common';
import {
  ApiBearerAuth,
  ApiCreatedResponse,
  ApiHeader,
  ApiNoContentResponse,
  ApiOkResponse,
  ApiOperation,
  ApiTags,
} from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Types } from 'mongoose';
import { CurrentUserId } from '../auth/current-user.decorator.js';
import { ObjectIdPipe } from '../common/http/object-id.pipe.js';
import { IdempotencyKey } from '../common/idempotency/idempotency-key.decorator.js';
import { ApiId } from '../common/openapi/api-id.decorator.js';
import { ApiProblem } from '../common/openapi/api-problem.decorator.js';
import { LINK_HEADER } from '../common/openapi/link-header.js';
import { linkNextPage } from '../common/paging/page.js';
import { ListedMessageDto, MessageDto } from './dto/message.dto.js';
import { MessageQueryDto, viewOf } from './dto/message-query.dto.js';
import { SendMessageDto } from './dto/send-message.dto.js';
import { MessageLists } from './message-lists.service.js';
import { MessagesService } from './messages.service.js';

@ApiTags('Messages')
@ApiBearerAuth()
@ApiId('id', 'session')
@ApiProblem(400, 401, 404, 500, 503)
@Controller('chat/sessions/:id/messages')
export class MessagesController {
  constructor(
    private readonly messages: MessagesService,
    private readonly lists: MessageLists,
  ) {}

  @Post()
  @ApiOperation({ operationId: 'sendMessage', summary: 'Send a message' })
  @ApiHeader({
    name: HEADERS.idempotencyKey,
    required: false,
    description: 'A retry with the same key answers the first result for 24 hours.',
  })
  @ApiCreatedResponse({
    type: MessageDto,
    headers: {
      [HEADERS.idempotencyReplayed]: {
        description: '`true` where this is the result of an earlier request with the same key.',
        schema: { type: 'string', enum: ['true'] },
      },
    },
  })
  @ApiProblem(413, 415, 422)
  async send(
    @CurrentUserId() userId: string,
    @Param('id', ObjectIdPipe) sessionId: Types.ObjectId,
    @IdempotencyKey() key: string | undefined,
    @Body() { content, role = 'user', parent_id }: SendMessageDto,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Message> {
    const scope = { userId: new Types.ObjectId(userId), sessionId };
    const parentId = typeof parent_id === 'string' ? new Types.ObjectId(parent_id) : parent_id;
    const { value, replayed } = await this.messages.send(scope, { content, role, parentId }, key);
    if (replayed) reply.header(HEADERS.idempotencyReplayed, 'true');
    return value;
  }

  @Get()
  @ApiOperation({
    operationId: 'listMessages',
    summary: 'List the messages of a session, oldest first: those of the branch that is shown',
  })
  @ApiOkResponse({ type: [ListedMessageDto], headers: LINK_HEADER })
  async list(
    @CurrentUserId() userId: string,
    @Param('id', ObjectIdPipe) sessionId: Types.ObjectId,
    @Query() query: MessageQueryDto,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ListedMessage[]> {
    const scope = { userId: new Types.ObjectId(userId), sessionId };
    const { order = 'asc', limit, cursor } = query;
    const page = await this.lists.list(scope, { view: viewOf(query), order, limit, cursor });
    linkNextPage(request, reply, page.list, page.next);
    return page.rows;
  }

  @Delete(':messageId')
  @HttpCode(204)
  @ApiOperation({ operationId: 'deleteMessage', summary: 'Move a message to the trash' })
  @ApiId('messageId', 'message')
  @ApiNoContentResponse()
  delete(
    @CurrentUserId() userId: string,
    @Param('id', ObjectIdPipe) sessionId: Types.ObjectId,
    @Param('messageId', ObjectIdPipe) messageId: Types.ObjectId,
  ): Promise<void> {
    return this.messages.delete({ userId: new Types.ObjectId(userId), sessionId }, messageId);
  }

  @Post(':messageId/restore')
  @HttpCode(200)
  @ApiOperation({ operationId: 'restoreMessage', summary: 'Take a message out of the trash' })
  @ApiId('messageId', 'message')
  @ApiOkResponse({ type: MessageDto })
  restore(
    @CurrentUserId() userId: string,
    @Param('id', ObjectIdPipe) sessionId: Types.ObjectId,
    @Param('messageId', ObjectIdPipe) messageId: Types.ObjectId,
  ): Promise<Message> {
    return this.messages.restore({ userId: new Types.ObjectId(userId), sessionId }, messageId);
  }
}
