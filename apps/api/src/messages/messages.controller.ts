import type { ListedMessage, Message } from '@chat/shared-types';
import { Controller, Delete, Get, HttpCode, Param, Post, Query, Req, Res } from '@nestjs/common';
import {
  ApiBearerAuth,
  ApiNoContentResponse,
  ApiOkResponse,
  ApiOperation,
  ApiTags,
} from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Types } from 'mongoose';
import { CurrentUserId } from '../auth/current-user.decorator.js';
import { ObjectIdPipe } from '../common/http/object-id.pipe.js';
import { ApiId } from '../common/openapi/api-id.decorator.js';
import { ApiProblem } from '../common/openapi/api-problem.decorator.js';
import { LINK_HEADER } from '../common/openapi/link-header.js';
import { linkNextPage } from '../common/paging/page.js';
import { ListedMessageDto, MessageDto } from './dto/message.dto.js';
import { aroundOf, MessageQueryDto, viewOf } from './dto/message-query.dto.js';
import { linkBothWays } from './link-both-ways.js';
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
    const around = aroundOf(query);
    if (around !== undefined && limit !== undefined) {
      const between = await this.lists.around(scope, around, { order, limit });
      linkBothWays(request, reply, order, between);
      return between.rows;
    }
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
