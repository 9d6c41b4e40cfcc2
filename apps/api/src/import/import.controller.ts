import type { ImportJob, ImportStarted, ListedImport } from '@chat/shared-types';
import { Controller, Get, HttpCode, Param, Post, Query, Req, Res } from '@nestjs/common';
import {
  ApiAcceptedResponse,
  ApiBearerAuth,
  ApiBody,
  ApiConsumes,
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
import { decodeCursor } from '../common/paging/cursor.js';
import { PageQueryDto } from '../common/paging/page-query.dto.js';
import { linkNextPage } from '../common/paging/page.js';
import { ImportJobDto, ImportStartedDto, ListedImportDto } from './dto/import-job.dto.js';
import { ImportQueryDto } from './dto/import-query.dto.js';
import { ImportsService } from './imports.service.js';

const LIST = 'imports';

@ApiTags('Import')
@ApiBearerAuth()
@ApiProblem(400, 401, 500, 503)
@Controller('chat')
export class ImportController {
  constructor(private readonly imports: ImportsService) {}

  @Post('import')
  @HttpCode(202)
  @ApiOperation({
    operationId: 'startImport',
    summary: 'Import an export of Chat Sessions, ChatGPT, Claude or LibreChat: a ZIP or JSON',
  })
  @ApiConsumes('multipart/form-data')
  @ApiBody({
    schema: {
      type: 'object',
      required: ['file'],
      properties: { file: { type: 'string', format: 'binary' } },
    },
  })
  @ApiAcceptedResponse({ type: ImportStartedDto })
  @ApiProblem(409, 413, 415)
  start(
    @CurrentUserId() userId: string,
    @Query() { dry_run = false }: ImportQueryDto,
    @Req() request: FastifyRequest,
  ): Promise<ImportStarted> {
    return this.imports.start(new Types.ObjectId(userId), request, dry_run);
  }

  @Get('imports')
  @ApiOperation({ operationId: 'listImports', summary: "List the caller's imports, newest first" })
  @ApiOkResponse({ type: [ListedImportDto], headers: LINK_HEADER })
  async list(
    @CurrentUserId() userId: string,
    @Query() { limit, cursor }: PageQueryDto,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ListedImport[]> {
    const after = cursor === undefined ? undefined : decodeCursor(LIST, cursor);
    const { rows, next } = await this.imports.list(new Types.ObjectId(userId), { limit, after });
    linkNextPage(request, reply, LIST, next);
    return rows;
  }

  @Get('imports/:id')
  @ApiOperation({ operationId: 'getImport', summary: 'Read one import with its report' })
  @ApiId('id', 'import')
  @ApiOkResponse({ type: ImportJobDto })
  @ApiProblem(404)
  get(
    @CurrentUserId() userId: string,
    @Param('id', ObjectIdPipe) id: Types.ObjectId,
  ): Promise<ImportJob> {
    return this.imports.get(new Types.ObjectId(userId), id);
  }

  @Post('imports/:id/undo')
  @HttpCode(200)
  @ApiOperation({
    operationId: 'undoImport',
    summary: 'Move the sessions of an import to the trash and delete the empty folders it made',
  })
  @ApiId('id', 'import')
  @ApiOkResponse({ type: ImportJobDto })
  @ApiProblem(404, 409)
  undo(
    @CurrentUserId() userId: string,
    @Param('id', ObjectIdPipe) id: Types.ObjectId,
  ): Promise<ImportJob> {
    return this.imports.undo(new Types.ObjectId(userId), id);
  }
}
