import {
  LIMITS,
  type ChangePasswordRequest,
  type DeleteAccountRequest,
  type RegisterRequest,
  type UpdateMeRequest,
} from '@chat/shared-types';
import { ApiProperty, ApiPropertyOptional, ApiSchema } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import { IsString, Matches, ValidateIf } from 'class-validator';
import { HasLength } from '../../common/validation/has-length.decorator.js';
import { IsWellFormed } from '../../common/validation/well-formed.decorator.js';

const { username, password, displayName } = LIMITS;

/** Spaces around a shown name are never meant; what is no text is left for the checks to refuse. */
const Trimmed = () =>
  Transform(({ value }: { value: unknown }) => (typeof value === 'string' ? value.trim() : value));

/** Unlike `IsOptional`, refuses null: absent and null are two things. */
const IfPresent = () => ValidateIf((_, value) => value !== undefined);

const LengthOf = ({ min, max }: { min: number; max: number }) =>
  HasLength({ min, max }, { message: `Use ${min} to ${max} characters` });

// Validators run from the lowest decorator up, and the first that fails is the one that is told.

@ApiSchema({ name: 'RegisterRequest' })
export class RegisterDto implements RegisterRequest {
  @ApiProperty({
    minLength: username.min,
    maxLength: username.max,
    pattern: username.pattern.source,
    description: 'Letters, digits and, inside, ". _ -"; upper and lower case are the same name.',
    example: 'alice',
  })
  @Matches(username.pattern, {
    message: 'Use letters, digits and, inside, the characters . _ -',
  })
  @LengthOf(username)
  @IsString()
  username!: string;

  @ApiProperty({ minLength: password.min, maxLength: password.max, format: 'password' })
  @LengthOf(password)
  @IsWellFormed()
  @IsString()
  password!: string;

  @ApiPropertyOptional({
    minLength: displayName.min,
    maxLength: displayName.max,
    description: 'The username when absent; spaces around it are dropped.',
    example: 'Alice',
  })
  @Trimmed()
  @IfPresent()
  @LengthOf(displayName)
  @IsWellFormed()
  @IsString()
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
  @LengthOf(displayName)
  @IsWellFormed()
  @IsString()
  display_name!: string;
}

@ApiSchema({ name: 'ChangePasswordRequest' })
export class ChangePasswordDto implements ChangePasswordRequest {
  @ApiProperty({ maxLength: password.max, format: 'password' })
  @HasLength({ max: password.max }, { message: `Use at most ${password.max} characters` })
  @IsString()
  current_password!: string;

  @ApiProperty({ minLength: password.min, maxLength: password.max, format: 'password' })
  @LengthOf(password)
  @IsWellFormed()
  @IsString()
  new_password!: string;
}

@ApiSchema({ name: 'DeleteAccountRequest' })
export class DeleteAccountDto implements DeleteAccountRequest {
  @ApiProperty({
    maxLength: password.max,
    format: 'password',
    description: 'Asked again, as nothing brings the account back.',
  })
  @HasLength({ max: password.max }, { message: `Use at most ${password.max} characters` })
  @IsString()
  password!: string;
}
