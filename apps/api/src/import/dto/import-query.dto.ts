import { ApiPropertyOptional } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import { IsBoolean, IsOptional } from 'class-validator';

/** The query of an import. */
export class ImportQueryDto {
  @ApiPropertyOptional({
    type: 'boolean',
    description: '`true` only tells what would be imported; `false` when absent.',
  })
  @IsOptional()
  @Transform(({ value }: { value: unknown }) =>
    value === 'true' ? true : value === 'false' ? false : value,
  )
  @IsBoolean({ message: 'dry_run must be true or false' })
  dry_run?: boolean;
}
