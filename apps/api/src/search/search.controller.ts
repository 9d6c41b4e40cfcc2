import type { SearchResult } from '@chat/shared-types';
import { Controller, Get, Query, Req, Res } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Types } from 'mongoose';
import { CurrentUserId } from '../auth/current-user.decorator.js';
import { ApiProblem } from '../common/openapi/api-problem.decorator.js';
import { LINK_HEADER } from '../common/openapi/link-header.js';
import { linkNextCursor } from '../common/paging/page.js';
import { SearchQueryDto } from './dto/search-query.dto.js';
import { SearchResultDto } from './dto/search-result.dto.js';
import { SearchService } from './search.service.js';

@ApiTags('Search')
@ApiBearerAuth()
@ApiProblem(400, 401, 500, 503)
@Controller('chat/search')
export class SearchController {
  constructor(private readonly searches: SearchService) {}

  @Get()
  @ApiOperation({
    operationId: 'search',
    summary: "Find the caller's messages and sessions by words, best first",
    description:
      'All words found before some, titles before messages, words as they are before such that only begin so, words near each other and what is more recent first among equals. Operators alone list what meets them, newest first.',
  })
  @ApiOkResponse({ type: [SearchResultDto], headers: LINK_HEADER })
  async search(
    @CurrentUserId() userId: string,
    @Query() { q, limit, cursor }: SearchQueryDto,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<SearchResult[]> {
    const page = await this.searches.search(new Types.ObjectId(userId), { q, limit, cursor });
    linkNextCursor(request, reply, page.cursor);
    return page.results;
  }
}
