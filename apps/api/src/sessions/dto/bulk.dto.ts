import {
  BULK_ACTIONS,
  LIMITS,
  type BulkAction,
  type BulkRequest,
  type BulkResponse,
  type BulkResult,
} from '@chat/shared-types';
import { ApiProperty, ApiPropertyOptional, ApiSchema } from '@nestjs/swagger';
import { ArrayMaxSize, ArrayMinSize, IsArray, IsIn, Matches, ValidateIf } from 'class-validator';
import { ProblemDto } from '../../common/openapi/problem.dto.js';
import { AreTags } from './session-tags.decorator.js';

const ID = /^[0-9a-fA-F]{24}$/;
const { min, max } = LIMITS.bulkSessions;
const idsMessage = `ids must be a list of ${min} to ${max} ids`;

@ApiSchema({ name: 'BulkRequest', description: 'One change of many sessions.' })
export class BulkRequestDto implements BulkRequest {
  @ApiProperty({
    type: 'array',
    minItems: min,
    maxItems: max,
    items: { type: 'string', pattern: ID.source },
  })
  @Matches(ID, { each: true, message: 'ids must hold nothing but ids of 24 hexadecimal digits' })
  @ArrayMaxSize(max, { message: idsMessage })
  @ArrayMinSize(min, { message: idsMessage })
  @IsArray({ message: idsMessage })
  ids!: string[];

  @ApiProperty({ enum: BULK_ACTIONS, enumName: 'BulkAction' })
  @IsIn(BULK_ACTIONS, { message: `action must be one of ${BULK_ACTIONS.join(', ')}` })
  action!: BulkAction;

  @ApiPropertyOptional({
    type: 'string',
    nullable: true,
    pattern: ID.source,
    description: 'Where `move` moves them, null for no folder; with no other action.',
  })
  @ValidateIf((_body, value) => value !== undefined && value !== null)
  @Matches(ID, { message: 'folder_id must be the id of a folder, or null' })
  folder_id?: string | null;

  /** What `tag` adds and `untag` takes away; with no other action. */
  @AreTags(1)
  tags?: string[];
}

@ApiSchema({ name: 'BulkResult' })
export class BulkResultDto implements BulkResult {
  @ApiProperty({ pattern: '^[0-9a-f]{24}$' })
  id!: string;

  @ApiProperty()
  ok!: boolean;

  @ApiPropertyOptional({ type: ProblemDto, description: 'Why not; only where `ok` is false.' })
  error?: ProblemDto;
}

@ApiSchema({ name: 'BulkResponse' })
export class BulkResponseDto implements BulkResponse {
  @ApiProperty({
    type: [BulkResultDto],
    description: 'In the order of the request; an id that was named twice stands once.',
  })
  results!: BulkResultDto[];
}
