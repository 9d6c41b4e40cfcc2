import {
  BRANCH_VIEWS,
  EXPORT_FORMATS,
  type BranchView,
  type ExportFormat,
} from '@chat/shared-types';
import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, ValidateIf } from 'class-validator';

export class ExportQueryDto {
  @ApiPropertyOptional({
    enum: EXPORT_FORMATS,
    enumName: 'ExportFormat',
    default: 'md',
    description: 'Plain text, Markdown, JSON (see docs/export-format.md), HTML or PDF.',
  })
  @ValidateIf((_query, value) => value !== undefined)
  @IsIn(EXPORT_FORMATS, { message: `format must be one of ${EXPORT_FORMATS.join(', ')}` })
  format: ExportFormat = 'md';

  @ApiPropertyOptional({
    enum: BRANCH_VIEWS,
    enumName: 'BranchView',
    default: 'active',
    description:
      '`active`: the branch that is shown, root to leaf; `all`: every version of every message. What is in the trash is in neither.',
  })
  @ValidateIf((_query, value) => value !== undefined)
  @IsIn(BRANCH_VIEWS, { message: `branch must be one of ${BRANCH_VIEWS.join(', ')}` })
  branch: BranchView = 'active';
}
