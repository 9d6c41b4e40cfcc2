import {
  LIMITS,
  type ChangePasswordRequest,
  type RegisterRequest,
  type UpdateMeRequest,
} from '@chat/shared-types';
import { ApiProperty, ApiPropertyOptional, ApiSchema } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import { IsString, Length, Matches, MaxLength, ValidateIf } from 'class-validator';
import { IsWellFormed } from '../../common/validation/well-formed.decorator.js';

const { username, password, displayName } = LIMITS;

/** Spaces around a shown name are never meant; what is no text is left for the checks to refuse. */
const Trimmed = () =>
  Transform(({ value }: { value: unknown }) => (typeof value === 'string' ? value.trim() : value));

/** Unlike `IsOptional`, refuses null: absent and null are two things. */
const IfPresent = () => ValidateIf((_, value) => value !== undefined);

@ApiSchema({ name: 'RegisterRequest' })
export class RegisterDto implements RegisterRequest {
  @ApiProperty({
    minLength: username.min,
    maxLength: username.max,
    pattern: username.pattern.source,
    description: 'Letters, digits and, inside, ". _ -"; upper and lower case are the same name.',
    example: 'alice',
  })
  @IsString()
  @Length(username.min, username.max)
  @Matches(username.pattern, {
    message: 'Use letters, digits and, inside, the characters . _ -',
  })
  username!: string;

  @ApiProperty({ minLength: password.min, maxLength: password.max, format: 'password' })
  @IsString()
  @Length(password.min, password.max)
  @IsWellFormed()
  password!: string;

  @ApiPropertyOptional({
    minLength: displayName.min,
    maxLength: displayName.max,
    description: 'The username when absent; spaces around it are dropped.',
    example: 'Alice',
  })
  @Trimmed()
  @IfPresent()
  @IsString()
  @Length(displayName.min, displayName.max)
  @IsWellFormed()
  display_name?: string;
}

@ApiSchema({ name: 'UpdateMeRequest' })
export class UpdateMeDto implements UpdateMeRequest {
  @ApiProperty({
    minLength: displayName.min,
    maxLength: displayName.max,
    description: 'Spaces around it are dropped.',
    example: 'Alice',
  })
  @Trimmed()
  @IsString()
  @Length(displayName.min, displayName.max)
  @IsWellFormed()
  display_name!: string;
}

@ApiSchema({ name: 'ChangePasswordRequest' })
export class ChangePasswordDto implements ChangePasswordRequest {
  @ApiProperty({ maxLength: password.max, format: 'password' })
  @IsString()
  @MaxLength(password.max)
  current_password!: string;

  @ApiProperty({ minLength: password.min, maxLength: password.max, format: 'password' })
  @IsString()
  @Length(password.min, password.max)
  @IsWellFormed()
  new_password!: string;
}
