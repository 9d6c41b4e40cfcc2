import { LIMITS, type UpdateSessionRequest } from '@chat/shared-types';
import { ApiProperty, ApiSchema } from '@nestjs/swagger';
import { IsSessionTitle } from './session-title.decorator.js';

const { min, max } = LIMITS.sessionTitle;

@ApiSchema({ name: 'UpdateSessionRequest' })
export class UpdateSessionDto implements UpdateSessionRequest {
  @ApiProperty({ minLength: min, maxLength: max, example: 'Renamed' })
  @IsSessionTitle()
  title!: string;
}
