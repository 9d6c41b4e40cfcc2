import type { ChangeEvents } from '@chat/shared-types';
import { ApiProperty, ApiSchema } from '@nestjs/swagger';
import { ChatSessionDto } from '../../sessions/dto/session.dto.js';

const ID = {
  pattern: '^\\d+-[0-9a-f]{24}$',
  description: 'To be sent as `Last-Event-ID`. Opaque.',
};

@ApiSchema({ name: 'SessionChange' })
class SessionChangeDto {
  @ApiProperty({ type: ChatSessionDto, description: 'As it is now.' })
  session!: ChatSessionDto;
}

@ApiSchema({ name: 'SessionDeletion' })
class SessionDeletionDto {
  @ApiProperty({ pattern: '^[0-9a-f]{24}$' })
  _id!: string;
}

@ApiSchema({
  name: 'SessionEvent',
  description:
    'A session was made, restored or renamed, or something happened to its messages: sent, edited, deleted, restored, a reply begun or ended.',
})
export class SessionEventDto {
  @ApiProperty({ enum: ['session'] })
  event!: 'session';

  @ApiProperty(ID)
  id!: string;

  @ApiProperty({ type: SessionChangeDto })
  data!: ChangeEvents['session'];
}

@ApiSchema({ name: 'SessionDeletedEvent', description: 'A session went to the trash.' })
export class SessionDeletedEventDto {
  @ApiProperty({ enum: ['session_deleted'] })
  event!: 'session_deleted';

  @ApiProperty(ID)
  id!: string;

  @ApiProperty({ type: SessionDeletionDto })
  data!: ChangeEvents['session_deleted'];
}

@ApiSchema({
  name: 'FoldersChangedEvent',
  description: 'Folders were made, changed or deleted: the list of folders is to be read again.',
})
export class FoldersChangedEventDto {
  @ApiProperty({ enum: ['folders_changed'] })
  event!: 'folders_changed';

  @ApiProperty(ID)
  id!: string;

  @ApiProperty({ type: 'object', maxProperties: 0, additionalProperties: false })
  data!: ChangeEvents['folders_changed'];
}

/** All that the stream of changes can hold. */
export const CHANGE_EVENT_DTOS = [SessionEventDto, SessionDeletedEventDto, FoldersChangedEventDto];
