import type { ChatSession } from '@chat/shared-types';
import { Controller, HttpCode, Param, Post } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Types } from 'mongoose';
import { CurrentUserId } from '../auth/current-user.decorator.js';
import { ObjectIdPipe } from '../common/http/object-id.pipe.js';
import { ApiId } from '../common/openapi/api-id.decorator.js';
import { ApiProblem } from '../common/openapi/api-problem.decorator.js';
import { ChatSessionDto } from '../sessions/dto/session.dto.js';
import { TitlesService } from './titles.service.js';

@ApiTags('Sessions')
@ApiBearerAuth()
@ApiId('id', 'session')
@ApiProblem(400, 401, 404, 409, 500, 503)
@Controller('chat/sessions/:id/title')
export class TitleController {
  constructor(private readonly titles: TitlesService) {}

  @Post()
  @HttpCode(200)
  @ApiOperation({
    operationId: 'makeTitle',
    summary: 'Give a session a title made from its first exchange',
  })
  @ApiOkResponse({ type: ChatSessionDto })
  make(
    @CurrentUserId() userId: string,
    @Param('id', ObjectIdPipe) sessionId: Types.ObjectId,
  ): Promise<ChatSession> {
    return this.titles.make({ userId: new Types.ObjectId(userId), sessionId });
  }
}
