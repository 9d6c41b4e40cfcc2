import type { User } from '@chat/shared-types';
import { ApiProperty, ApiSchema } from '@nestjs/swagger';
import type { UserRecord } from '../user.schema.js';

@ApiSchema({ name: 'User' })
export class UserDto implements User {
  @ApiProperty({ pattern: '^[0-9a-f]{24}$', example: '6650f0a1b2c3d4e5f6a7b8c9' })
  _id!: string;

  @ApiProperty({ description: 'As it was typed at the registration.', example: 'alice' })
  username!: string;

  @ApiProperty({ description: 'The name that is shown.', example: 'Alice' })
  display_name!: string;

  @ApiProperty({ format: 'date-time', example: '2026-01-31T09:26:53.589Z' })
  created_at!: string;

  @ApiProperty({ format: 'date-time', example: '2026-01-31T09:26:53.589Z' })
  updated_at!: string;
}

/** What the world may know of a user: everything but the hash, member by member. */
export function toUser(user: UserRecord): User {
  return {
    _id: user._id.toHexString(),
    username: user.username,
    display_name: user.display_name,
    created_at: user.created_at.toISOString(),
    updated_at: user.updated_at.toISOString(),
  };
}
