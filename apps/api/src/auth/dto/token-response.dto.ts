import type { TokenResponse } from '@chat/shared-types';
import { ApiProperty, ApiSchema } from '@nestjs/swagger';

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
