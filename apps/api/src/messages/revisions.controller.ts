import type { Message, MessageRevision } from '@chat/shared-types';
import {
  Body,
  Controller,
  Get,
  HttpCode,
  Param,
  Patch,
  Post,
  Query,
  Req,
  Res,
} from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Types } from 'mongoose';
import { CurrentUserId } from '../auth/current-user.decorator.js';
import { ObjectIdPipe } from '../common/http/object-id.pipe.js';
import { ApiId } from '../common/openapi/api-id.decorator.js';
import { ApiProblem } from '../common/openapi/api-problem.decorator.js';
import { LINK_HEADER } from '../common/openapi/link-header.js';
import { PageQueryDto } from '../common/paging/page-query.dto.js';
import { linkNextCursor } from '../common/paging/page.js';
import { EditMessageDto, MessageRevisionDto } from './dto/edit-message.dto.js';
import { MessageDto } from './dto/message.dto.js';
import { MessageEdits } from './message-edits.service.js';
import { RevisionPipe } from './revision.pipe.js';

@ApiTags('Messages')
@ApiBearerAuth()
@ApiId('id', 'session')
@ApiId('messageId', 'message')
@ApiProblem(400, 401, 404, 500, 503)
@Controller('chat/sessions/:id/messages/:messageId')
export class RevisionsController {
  constructor(private readonly edits: MessageEdits) {}

  @Patch()
  @ApiOperation({ operationId: 'editMessage', summary: 'Change the text of a message in place' })
  @ApiOkResponse({ type: MessageDto })
  @ApiProblem(409, 413, 415)
  edit(
    @CurrentUserId() userId: string,
    @Param('id', ObjectIdPipe) sessionId: Types.ObjectId,
    @Param('messageId', ObjectIdPipe) messageId: Types.ObjectId,
    @Body() { content }: EditMessageDto,
  ): Promise<Message> {
    return this.edits.edit({ userId: new Types.ObjectId(userId), sessionId }, messageId, content);
  }

  @Get('revisions')
  @ApiOperation({
    operationId: 'listRevisions',
    summary: 'List what a message was before its edits, oldest first',
  })
  @ApiOkResponse({ type: [MessageRevisionDto], headers: LINK_HEADER })
  async revisions(
    @CurrentUserId() userId: string,
    @Param('id', ObjectIdPipe) sessionId: Types.ObjectId,
    @Param('messageId', ObjectIdPipe) messageId: Types.ObjectId,
    @Query() query: PageQueryDto,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<MessageRevision[]> {
    const scope = { userId: new Types.ObjectId(userId), sessionId };
    const { rows, cursor } = await this.edits.list(scope, messageId, query);
    linkNextCursor(request, reply, cursor);
    return rows;
  }

  @Post('revisions/:revision/restore')
  @HttpCode(200)
  @ApiOperation({
    operationId: 'restoreRevision',
    summary: 'Give a message the text of a revision again; what it says now becomes a revision',
  })
  @ApiParam({
    name: 'revision',
    description: 'The number of the revision, 1 for the oldest.',
    schema: { type: 'integer', minimum: 1 },
  })
  @ApiOkResponse({ type: MessageDto })
  @ApiProblem(409)
  restore(
    @CurrentUserId() userId: string,
    @Param('id', ObjectIdPipe) sessionId: Types.ObjectId,
    @Param('messageId', ObjectIdPipe) messageId: Types.ObjectId,
    @Param('revision', RevisionPipe) revision: number,
  ): Promise<Message> {
    const scope = { userId: new Types.ObjectId(userId), sessionId };
    return this.edits.restore(scope, messageId, revision);
  }
}
