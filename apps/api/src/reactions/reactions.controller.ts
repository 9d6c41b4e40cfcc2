import type { Message } from '@chat/shared-types';
import { Controller, Delete, Param, Put } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';
import { Types } from 'mongoose';
import { CurrentUserId } from '../auth/current-user.decorator.js';
import { ObjectIdPipe } from '../common/http/object-id.pipe.js';
import { ApiId } from '../common/openapi/api-id.decorator.js';
import { ApiProblem } from '../common/openapi/api-problem.decorator.js';
import { MessageDto } from '../messages/dto/message.dto.js';
import { EmojiPipe } from './emoji.pipe.js';
import { ReactionsService } from './reactions.service.js';

@ApiTags('Messages')
@ApiBearerAuth()
@ApiId('id', 'session')
@ApiId('messageId', 'message')
@ApiParam({
  name: 'emoji',
  description: 'One emoji: a single grapheme, percent-encoded as UTF-8.',
  schema: { type: 'string', example: '👍' },
})
@ApiProblem(400, 401, 404, 409, 500, 503)
@Controller('chat/sessions/:id/messages/:messageId/reactions/:emoji')
export class ReactionsController {
  constructor(private readonly reactions: ReactionsService) {}

  @Put()
  @ApiOperation({
    operationId: 'addReaction',
    summary: 'React to a message with an emoji; again changes nothing',
  })
  @ApiOkResponse({ type: MessageDto })
  add(
    @CurrentUserId() userId: string,
    @Param('id', ObjectIdPipe) sessionId: Types.ObjectId,
    @Param('messageId', ObjectIdPipe) messageId: Types.ObjectId,
    @Param('emoji', EmojiPipe) emoji: string,
  ): Promise<Message> {
    return this.reactions.add({ userId: new Types.ObjectId(userId), sessionId }, messageId, emoji);
  }

  @Delete()
  @ApiOperation({
    operationId: 'removeReaction',
    summary: 'Take the own emoji off a message; 200 also where there is none',
  })
  @ApiOkResponse({ type: MessageDto })
  remove(
    @CurrentUserId() userId: string,
    @Param('id', ObjectIdPipe) sessionId: Types.ObjectId,
    @Param('messageId', ObjectIdPipe) messageId: Types.ObjectId,
    @Param('emoji', EmojiPipe) emoji: string,
  ): Promise<Message> {
    const scope = { userId: new Types.ObjectId(userId), sessionId };
    return this.reactions.remove(scope, messageId, emoji);
  }
}
