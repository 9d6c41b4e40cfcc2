import { LIMITS, type LoginRequest } from '@chat/shared-types';
import { ApiProperty, ApiPropertyOptional, ApiSchema } from '@nestjs/swagger';
import { IsIn, IsOptional, IsString, MaxLength } from 'class-validator';

/** Far more than anything sensible, far less than what costs something. */
const MAX_IGNORED = 1000;

/**
 * The password form of OAuth 2 (RFC 6749, section 4.3.2). A login is told nothing about what names
 * and passwords look like: whatever could not be one is just wrong.
 */
@ApiSchema({ name: 'LoginRequest' })
export class LoginDto implements LoginRequest {
  @ApiProperty({ maxLength: LIMITS.username.max, description: 'In any case.', example: 'alice' })
  @MaxLength(LIMITS.username.max)
  @IsString()
  username!: string;

  @ApiProperty({ maxLength: LIMITS.password.max, format: 'password', example: 'alicepass123' })
  @MaxLength(LIMITS.password.max)
  @IsString()
  password!: string;

  @ApiPropertyOptional({
    type: String,
    enum: ['password'],
    description: 'Sent by OAuth 2 clients; there is no other grant.',
  })
  @IsOptional()
  @IsIn(['password'])
  grant_type?: 'password';

  @ApiPropertyOptional({
    maxLength: MAX_IGNORED,
    description: 'Sent by OAuth 2 clients; it grants nothing.',
  })
  @IsOptional()
  @MaxLength(MAX_IGNORED)
  @IsString()
  scope?: string;

  @ApiPropertyOptional({
    maxLength: MAX_IGNORED,
    description: 'Sent by OAuth 2 clients; it is not looked at.',
  })
  @IsOptional()
  @MaxLength(MAX_IGNORED)
  @IsString()
  client_id?: string;

  @ApiPropertyOptional({
    maxLength: MAX_IGNORED,
    description: 'Sent by OAuth 2 clients; it is not looked at.',
  })
  @IsOptional()
  @MaxLength(MAX_IGNORED)
  @IsString()
  client_secret?: string;
}
