import type { Device } from '@chat/shared-types';
import { ApiProperty, ApiSchema } from '@nestjs/swagger';

@ApiSchema({ name: 'Device' })
export class DeviceDto implements Device {
  @ApiProperty({ pattern: '^[0-9a-f]{24}$', description: 'Of the login.' })
  _id!: string;

  @ApiProperty({
    description: 'What it said of itself, in words for people.',
    example: 'Firefox on Linux',
  })
  name!: string;

  @ApiProperty({ format: 'date-time', description: 'When it signed in, to the second.' })
  created_at!: string;

  @ApiProperty({ format: 'date-time', description: 'When it last renewed its access.' })
  last_used_at!: string;

  @ApiProperty({ description: 'Whether it is the one that asks.' })
  current!: boolean;
}
