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
import { linkNextCursor } from '../common/paging/page.js';
import { CreateSessionDto } from './dto/create-session.dto.js';
import { ChatSessionDto, ListedChatSessionDto } from './dto/session.dto.js';
import { SessionQueryDto } from './dto/session-query.dto.js';
import { UpdateSessionDto } from './dto/update-session.dto.js';
import { SessionLists } from './session-lists.service.js';
import { SessionsService } from './sessions.service.js';

@ApiTags('Sessions')
@ApiBearerAuth()
@ApiProblem(400, 401, 500, 503)
@Controller('chat/sessions')
export class SessionsController {
  constructor(
    private readonly sessions: SessionsService,
    private readonly lists: SessionLists,
  ) {}

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
    @Query() query: SessionQueryDto,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ChatSession[]> {
    const { rows, cursor } = await this.lists.list(new Types.ObjectId(userId), query);
    linkNextCursor(request, reply, cursor);
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
    summary: 'Rename a session, put it in order, choose its model, system prompt or branch',
  })
  @ApiId('id', 'session')
  @ApiOkResponse({ type: ChatSessionDto })
  @ApiProblem(404, 413, 415)
  update(
    @CurrentUserId() userId: string,
    @Param('id', ObjectIdPipe) id: Types.ObjectId,
    @Body() { active_message_id, folder_id, ...settings }: UpdateSessionDto,
  ): Promise<ChatSession> {
    const messageId =
      active_message_id === undefined ? undefined : new Types.ObjectId(active_message_id);
    const folderId = typeof folder_id === 'string' ? new Types.ObjectId(folder_id) : folder_id;
    const given = { ...settings, folder_id: folderId };
    return this.sessions.update(new Types.ObjectId(userId), id, given, messageId);
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
