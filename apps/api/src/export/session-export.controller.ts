import { EXPORT_SCHEMAS } from '@chat/shared-types';
import { Controller, Get, Param, Query, Res } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Types } from 'mongoose';
import { CurrentUserId } from '../auth/current-user.decorator.js';
import { ObjectIdPipe } from '../common/http/object-id.pipe.js';
import { ApiId } from '../common/openapi/api-id.decorator.js';
import { ApiProblem } from '../common/openapi/api-problem.decorator.js';
import { sendDownload, untilGone } from './download.js';
import { DOWNLOAD_HEADERS } from './dto/download-headers.js';
import { ExportQueryDto } from './dto/export-query.dto.js';
import { SessionExports } from './session-exports.service.js';

const TEXT = { schema: { type: 'string' as const } };

@ApiTags('Export')
@ApiBearerAuth()
@ApiProblem(400, 401, 404, 413, 500, 503)
@Controller('chat/sessions/:id/export')
export class SessionExportController {
  constructor(private readonly exports: SessionExports) {}

  @Get()
  @ApiOperation({
    operationId: 'exportSession',
    summary: 'Download a session as text, Markdown, JSON, HTML or PDF',
  })
  @ApiId('id', 'session')
  @ApiOkResponse({
    description: 'The file, streamed; PDF once it is typeset.',
    headers: DOWNLOAD_HEADERS,
    content: {
      'text/plain': TEXT,
      'text/markdown': TEXT,
      'text/html': TEXT,
      'application/json': { schema: EXPORT_SCHEMAS.session },
      'application/pdf': { schema: { type: 'string', format: 'binary' } },
    },
  })
  async export(
    @CurrentUserId() userId: string,
    @Param('id', ObjectIdPipe) sessionId: Types.ObjectId,
    @Query() { format, branch }: ExportQueryDto,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const scope = { userId: new Types.ObjectId(userId), sessionId };
    await sendDownload(reply, await this.exports.open(scope, format, branch, untilGone(reply)));
  }
}
