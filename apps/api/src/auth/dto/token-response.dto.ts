import type { RefreshResponse, TokenResponse } from '@chat/shared-types';
import { ApiProperty, ApiSchema } from '@nestjs/swagger';
import { UserDto } from './user.dto.js';

@ApiSchema({ name: 'TokenResponse' })
export class TokenResponseDto implements TokenResponse {
  @ApiProperty({ description: 'A JWT; send it as "Authorization: Bearer <access_token>".' })
  access_token!: string;

  @ApiProperty({ type: String, enum: ['bearer'] })
  token_type!: 'bearer';

  @ApiProperty({
    type: 'integer',
    description: 'Seconds until the access token expires.',
    example: 900,
  })
  expires_in!: number;
}

@ApiSchema({ name: 'RefreshResponse' })
export class RefreshResponseDto extends TokenResponseDto implements RefreshResponse {
  @ApiProperty({ type: UserDto, description: 'Whose token it is.' })
  user!: UserDto;
}
