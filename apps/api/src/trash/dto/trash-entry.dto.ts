import type { TrashedMessage, TrashedSession } from '@chat/shared-types';
import { ApiProperty, ApiSchema } from '@nestjs/swagger';
import { ListedMessageDto } from '../../messages/dto/message.dto.js';
import { ListedChatSessionDto } from '../../sessions/dto/session.dto.js';

/** What every entry says of its stay. */
class TrashTimes {
  @ApiProperty({ format: 'date-time' })
  deleted_at!: string;

  @ApiProperty({ format: 'date-time', description: 'When the database removes it for good.' })
  purge_at!: string;
}

/** In the trash every row has the member that lists only sometimes have. */
@ApiSchema({ name: 'DeletedChatSession' })
export class DeletedChatSessionDto extends ListedChatSessionDto {
  @ApiProperty({ format: 'date-time' })
  override deleted_at!: string;
}

@ApiSchema({ name: 'DeletedMessage' })
export class DeletedMessageDto extends ListedMessageDto {
  @ApiProperty({ format: 'date-time' })
  override deleted_at!: string;
}

@ApiSchema({ name: 'TrashedSession' })
export class TrashedSessionDto extends TrashTimes implements TrashedSession {
  @ApiProperty({ type: String, enum: ['session'] })
  type!: 'session';

  @ApiProperty({ type: DeletedChatSessionDto })
  session!: DeletedChatSessionDto;
}

@ApiSchema({ name: 'TrashedMessage' })
export class TrashedMessageDto extends TrashTimes implements TrashedMessage {
  @ApiProperty({ type: String, enum: ['message'] })
  type!: 'message';

  @ApiProperty({ type: DeletedMessageDto })
  message!: DeletedMessageDto;

  @ApiProperty({ description: 'Of its session.' })
  session_title!: string;
}
