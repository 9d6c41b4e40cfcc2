import {
  IMPORT_FORMATS,
  IMPORT_RESULTS,
  IMPORT_STATUSES,
  type ImportCounts,
  type ImportFormat,
  type ImportJob,
  type ImportReportEntry,
  type ImportResult,
  type ImportStarted,
  type ImportStatus,
  type ListedImport,
} from '@chat/shared-types';
import { ApiProperty, ApiPropertyOptional, ApiSchema } from '@nestjs/swagger';

const ID_PATTERN = '^[0-9a-f]{24}$';

@ApiSchema({ name: 'ImportStarted' })
export class ImportStartedDto implements ImportStarted {
  @ApiProperty({ pattern: ID_PATTERN })
  _id!: string;

  @ApiProperty({ enum: IMPORT_STATUSES, enumName: 'ImportStatus' })
  status!: ImportStatus;
}

@ApiSchema({ name: 'ImportProgress' })
export class ImportProgressDto {
  @ApiProperty({ type: 'integer', minimum: 0 })
  done!: number;

  @ApiProperty({ type: 'integer', minimum: 0 })
  total!: number;
}

@ApiSchema({ name: 'ImportCounts' })
export class ImportCountsDto implements ImportCounts {
  @ApiProperty({ type: 'integer', minimum: 0 })
  imported!: number;

  @ApiProperty({ type: 'integer', minimum: 0 })
  skipped!: number;

  @ApiProperty({ type: 'integer', minimum: 0 })
  failed!: number;
}

@ApiSchema({ name: 'ImportReportEntry' })
export class ImportReportEntryDto implements ImportReportEntry {
  @ApiProperty({ example: 'About rivers' })
  title!: string;

  @ApiProperty({ enum: IMPORT_RESULTS, enumName: 'ImportResult' })
  result!: ImportResult;

  @ApiPropertyOptional({
    description: 'Why it was skipped or failed, or what of it was left out.',
    example: 'It is already here.',
  })
  reason?: string;

  @ApiPropertyOptional({ pattern: ID_PATTERN, description: 'The session that it became.' })
  session_id?: string;
}

@ApiSchema({ name: 'ListedImport' })
export class ListedImportDto implements ListedImport {
  @ApiProperty({ pattern: ID_PATTERN })
  _id!: string;

  @ApiProperty({ enum: IMPORT_STATUSES, enumName: 'ImportStatus' })
  status!: ImportStatus;

  @ApiProperty({ description: 'Whether it only tells what it would do.' })
  dry_run!: boolean;

  @ApiProperty({ enum: IMPORT_FORMATS, nullable: true, description: 'Null until it is known.' })
  format!: ImportFormat | null;

  @ApiProperty({ type: ImportProgressDto, description: 'In bytes of the file.' })
  progress!: ImportProgressDto;

  @ApiProperty({ type: ImportCountsDto, description: 'Of what stands in the report so far.' })
  counts!: ImportCountsDto;

  @ApiProperty({ type: 'string', nullable: true, description: 'Why it failed as a whole.' })
  error!: string | null;

  @ApiProperty({ format: 'date-time' })
  created_at!: string;
}

@ApiSchema({ name: 'ImportJob' })
export class ImportJobDto extends ListedImportDto implements ImportJob {
  @ApiProperty({ type: [ImportReportEntryDto] })
  report!: ImportReportEntryDto[];
}
