import type { ReplyEvents } from '@chat/shared-types';
import { ApiProperty, ApiSchema } from '@nestjs/swagger';
import { ProblemDto } from '../../common/openapi/problem.dto.js';
import { MessageDto, TokenUsageDto } from '../../messages/dto/message.dto.js';

const ID = {
  pattern: '^[0-9a-f]{24}-\\d+-\\d+-\\d+(-u)?$',
  description: 'To be sent as `Last-Event-ID`. Opaque.',
};

@ApiSchema({ name: 'ReplyTextPiece' })
class TextDto {
  @ApiProperty({ description: 'The next piece.' })
  text!: string;
}

@ApiSchema({ name: 'ReplyDone' })
class DoneDto {
  @ApiProperty({ type: MessageDto, description: 'As it is stored: `complete` or `stopped`.' })
  message!: MessageDto;
}

@ApiSchema({ name: 'ReplyError' })
class ErrorDto {
  @ApiProperty({ type: ProblemDto })
  problem!: ProblemDto;

  @ApiProperty({ type: MessageDto, description: 'As it is stored: `failed` or `interrupted`.' })
  message!: MessageDto;
}

@ApiSchema({
  name: 'ReplyDeltaEvent',
  description: 'More text. All of them joined are the content of the message.',
})
export class ReplyDeltaEventDto {
  @ApiProperty({ enum: ['delta'] })
  event!: 'delta';

  @ApiProperty(ID)
  id!: string;

  @ApiProperty({ type: TextDto })
  data!: ReplyEvents['delta'];
}

@ApiSchema({
  name: 'ReplyReasoningEvent',
  description: 'More of what the model thinks before it answers.',
})
export class ReplyReasoningEventDto {
  @ApiProperty({ enum: ['reasoning'] })
  event!: 'reasoning';

  @ApiProperty(ID)
  id!: string;

  @ApiProperty({ type: TextDto })
  data!: ReplyEvents['reasoning'];
}

@ApiSchema({ name: 'ReplyUsageEvent', description: 'What the reply cost.' })
export class ReplyUsageEventDto {
  @ApiProperty({ enum: ['usage'] })
  event!: 'usage';

  @ApiProperty(ID)
  id!: string;

  @ApiProperty({ type: TokenUsageDto })
  data!: ReplyEvents['usage'];
}

@ApiSchema({ name: 'ReplyDoneEvent', description: 'The end of the reply; the stream closes.' })
export class ReplyDoneEventDto {
  @ApiProperty({ enum: ['done'] })
  event!: 'done';

  @ApiProperty(ID)
  id!: string;

  @ApiProperty({ type: DoneDto })
  data!: ReplyEvents['done'];
}

@ApiSchema({
  name: 'ReplyErrorEvent',
  description: 'The reply ended before its end; the stream closes.',
})
export class ReplyErrorEventDto {
  @ApiProperty({ enum: ['error'] })
  event!: 'error';

  @ApiProperty(ID)
  id!: string;

  @ApiProperty({ type: ErrorDto })
  data!: ReplyEvents['error'];
}

/** All that a stream of a reply can hold. */
export const REPLY_EVENT_DTOS = [
  ReplyDeltaEventDto,
  ReplyReasoningEventDto,
  ReplyUsageEventDto,
  ReplyDoneEventDto,
  ReplyErrorEventDto,
];
