import type { ChatSession } from '@chat/shared-types';
import {
  Body,
  Controller,
  Delete,
  Get,
  HttpCode,
  Param,
  Post,
  Put,
  Query,
  Req,
  Res,
} from '@nestjs/common';
import {
  ApiBearerAuth,
  ApiBody,
  ApiCreatedResponse,
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
import { LINK_HEADER } from '../common/openapi/link-header.js';
import { ApiProblem } from '../common/openapi/api-problem.decorator.js';
import { decodeCursor } from '../common/paging/cursor.js';
import { TrashablePageQueryDto } from '../common/paging/page-query.dto.js';
import { linkNextPage } from '../common/paging/page.js';
import { CreateSessionDto } from './dto/create-session.dto.js';
import { ChatSessionDto, ListedChatSessionDto } from './dto/session.dto.js';
import { UpdateSessionDto } from './dto/update-session.dto.js';
import { SessionsService } from './sessions.service.js';

@ApiTags('Sessions')
@ApiBearerAuth()
@ApiProblem(400, 401, 500, 503)
@Controller('chat/sessions')
export class SessionsController {
  constructor(private readonly sessions: SessionsService) {}

  @Post()
  @ApiOperation({ operationId: 'createSession', summary: 'Create a chat session' })
  @ApiBody({ type: CreateSessionDto, required: false })
  @ApiCreatedResponse({ type: ChatSessionDto })
  @ApiProblem(413, 415)
  create(
    @CurrentUserId() userId: string,
    @Body() { title }: CreateSessionDto,
  ): Promise<ChatSession> {
    return this.sessions.create(new Types.ObjectId(userId), title);
  }

  @Get()
  @ApiOperation({
    operationId: 'listSessions',
    summary: "List the caller's sessions, most recent activity first",
  })
  @ApiOkResponse({ type: [ListedChatSessionDto], headers: LINK_HEADER })
  async list(
    @CurrentUserId() userId: string,
    @Query() query: TrashablePageQueryDto,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ChatSession[]> {
    const deleted = query.deleted ?? false;
    const list = deleted ? 'sessions/deleted' : 'sessions';
    const { rows, next } = await this.sessions.list(new Types.ObjectId(userId), deleted, {
      limit: query.limit,
      after: query.cursor === undefined ? undefined : decodeCursor(list, query.cursor),
    });
    linkNextPage(request, reply, list, next);
    return rows;
  }

  @Get(':id')
  @ApiOperation({ operationId: 'getSession', summary: 'Read one session' })
  @ApiId('id', 'session')
  @ApiOkResponse({ type: ChatSessionDto })
  @ApiProblem(404)
  get(
    @CurrentUserId() userId: string,
    @Param('id', ObjectIdPipe) id: Types.ObjectId,
  ): Promise<ChatSession> {
    return this.sessions.get(new Types.ObjectId(userId), id);
  }

  @Put(':id')
  @ApiOperation({
    operationId: 'updateSession',
    summary: 'Rename a session, choose its model, its system prompt or its branch',
  })
  @ApiId('id', 'session')
  @ApiOkResponse({ type: ChatSessionDto })
  @ApiProblem(404, 413, 415)
  update(
    @CurrentUserId() userId: string,
    @Param('id', ObjectIdPipe) id: Types.ObjectId,
    @Body() { active_message_id, ...settings }: UpdateSessionDto,
  ): Promise<ChatSession> {
    const messageId =
      active_message_id === undefined ? undefined : new Types.ObjectId(active_message_id);
    return this.sessions.update(new Types.ObjectId(userId), id, settings, messageId);
  }

  @Delete(':id')
  @HttpCode(204)
  @ApiOperation({
    operationId: 'deleteSession',
    summary: 'Move a session with its messages to the trash',
  })
  @ApiId('id', 'session')
  @ApiNoContentResponse()
  @ApiProblem(404)
  delete(
    @CurrentUserId() userId: string,
    @Param('id', ObjectIdPipe) id: Types.ObjectId,
  ): Promise<void> {
    return this.sessions.delete(new Types.ObjectId(userId), id);
  }

  @Post(':id/restore')
  @HttpCode(200)
  @ApiOperation({
    operationId: 'restoreSession',
    summary: 'Take a session out of the trash, with its messages and its count as they were',
  })
  @ApiId('id', 'session')
  @ApiOkResponse({ type: ChatSessionDto })
  @ApiProblem(404)
  restore(
    @CurrentUserId() userId: string,
    @Param('id', ObjectIdPipe) id: Types.ObjectId,
  ): Promise<ChatSession> {
    return this.sessions.restore(new Types.ObjectId(userId), id);
  }
}
