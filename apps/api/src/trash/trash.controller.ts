import type { TrashEntry } from '@chat/shared-types';
import { Controller, Delete, Get, HttpCode, Query, Req, Res } from '@nestjs/common';
import {
  ApiBearerAuth,
  ApiExtraModels,
  ApiNoContentResponse,
  ApiOkResponse,
  ApiOperation,
  ApiTags,
  getSchemaPath,
} from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Types } from 'mongoose';
import { CurrentUserId } from '../auth/current-user.decorator.js';
import { ApiProblem } from '../common/openapi/api-problem.decorator.js';
import { LINK_HEADER } from '../common/openapi/link-header.js';
import { decodeCursor } from '../common/paging/cursor.js';
import { PageQueryDto } from '../common/paging/page-query.dto.js';
import { linkNextPage } from '../common/paging/page.js';
import { TrashedMessageDto, TrashedSessionDto } from './dto/trash-entry.dto.js';
import { TrashService } from './trash.service.js';

const LIST = 'trash';

@ApiTags('Trash')
@ApiBearerAuth()
@ApiProblem(401, 500, 503)
@Controller('chat/trash')
export class TrashController {
  constructor(private readonly trash: TrashService) {}

  @Get()
  @ApiOperation({
    operationId: 'listTrash',
    summary: 'List deleted sessions and messages, the last deleted first',
    description: 'Messages of a session that is in the trash itself are not listed on their own.',
  })
  @ApiExtraModels(TrashedSessionDto, TrashedMessageDto)
  @ApiOkResponse({
    schema: {
      type: 'array',
      items: {
        oneOf: [TrashedSessionDto, TrashedMessageDto].map((dto) => ({ $ref: getSchemaPath(dto) })),
      },
    },
    headers: LINK_HEADER,
  })
  @ApiProblem(400)
  async list(
    @CurrentUserId() userId: string,
    @Query() { limit, cursor }: PageQueryDto,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<TrashEntry[]> {
    const after = cursor === undefined ? undefined : decodeCursor(LIST, cursor);
    const { rows, next } = await this.trash.list(new Types.ObjectId(userId), { limit, after });
    linkNextPage(request, reply, LIST, next);
    return rows;
  }

  @Delete()
  @HttpCode(204)
  @ApiOperation({
    operationId: 'emptyTrash',
    summary: 'Remove everything in the trash for good',
    description: 'Nothing brings it back.',
  })
  @ApiNoContentResponse()
  empty(@CurrentUserId() userId: string): Promise<void> {
    return this.trash.empty(new Types.ObjectId(userId));
  }
}
