import type { BulkResponse } from '@chat/shared-types';
import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Types } from 'mongoose';
import { CurrentUserId } from '../auth/current-user.decorator.js';
import { ApiProblem } from '../common/openapi/api-problem.decorator.js';
import { BulkRequestDto, BulkResponseDto } from './dto/bulk.dto.js';
import { SessionBulk } from './session-bulk.service.js';

@ApiTags('Sessions')
@ApiBearerAuth()
@ApiProblem(400, 401, 404, 413, 415, 500, 503)
@Controller('chat/sessions/bulk')
export class SessionBulkController {
  constructor(private readonly bulk: SessionBulk) {}

  @Post()
  @HttpCode(200)
  @ApiOperation({
    operationId: 'changeSessions',
    summary: 'Change, delete or restore many sessions; each succeeds or fails by itself',
  })
  @ApiOkResponse({ type: BulkResponseDto })
  async change(
    @CurrentUserId() userId: string,
    @Body() request: BulkRequestDto,
  ): Promise<BulkResponse> {
    return { results: await this.bulk.change(new Types.ObjectId(userId), request) };
  }
}
