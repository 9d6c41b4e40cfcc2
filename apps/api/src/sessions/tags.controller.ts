import type { TagUse } from '@chat/shared-types';
import { Controller, Get, Query, Req, Res } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Types } from 'mongoose';
import { CurrentUserId } from '../auth/current-user.decorator.js';
import { ApiProblem } from '../common/openapi/api-problem.decorator.js';
import { LINK_HEADER } from '../common/openapi/link-header.js';
import { PageQueryDto } from '../common/paging/page-query.dto.js';
import { linkNextCursor } from '../common/paging/page.js';
import { TagUseDto } from './dto/tag-use.dto.js';
import { SessionLists } from './session-lists.service.js';

@ApiTags('Sessions')
@ApiBearerAuth()
@ApiProblem(400, 401, 500, 503)
@Controller('chat/tags')
export class TagsController {
  constructor(private readonly lists: SessionLists) {}

  @Get()
  @ApiOperation({
    operationId: 'listTags',
    summary: "List the tags of the caller's live sessions, by the alphabet",
  })
  @ApiOkResponse({ type: [TagUseDto], headers: LINK_HEADER })
  async list(
    @CurrentUserId() userId: string,
    @Query() query: PageQueryDto,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<TagUse[]> {
    const { rows, cursor } = await this.lists.tags(new Types.ObjectId(userId), query);
    linkNextCursor(request, reply, cursor);
    return rows;
  }
}
