import { Controller, Get, Res } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Types } from 'mongoose';
import { CurrentUserId } from '../auth/current-user.decorator.js';
import { ApiProblem } from '../common/openapi/api-problem.decorator.js';
import { AccountArchive } from './account-archive.js';
import { sendDownload } from './download.js';
import { DOWNLOAD_HEADERS } from './dto/download-headers.js';
import { toFileName } from './file-name.js';

@ApiTags('Export')
@ApiBearerAuth()
@ApiProblem(401, 404, 500, 503)
@Controller('chat/export')
export class AccountExportController {
  constructor(private readonly archive: AccountArchive) {}

  @Get()
  @ApiOperation({
    operationId: 'exportAccount',
    summary: 'Download everything of the caller as a ZIP, the trash included',
  })
  @ApiOkResponse({
    description: 'Streamed; docs/export-format.md says what is in it.',
    headers: DOWNLOAD_HEADERS,
    content: { 'application/zip': { schema: { type: 'string', format: 'binary' } } },
  })
  async export(@CurrentUserId() userId: string, @Res() reply: FastifyReply): Promise<void> {
    const { username, stream } = await this.archive.open(new Types.ObjectId(userId));
    const name = `${toFileName(`chat-sessions-${username}`)}.zip`;
    await sendDownload(reply, { name, mediaType: 'application/zip', body: stream });
  }
}
