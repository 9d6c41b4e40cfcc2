import { SORT_ORDERS, type SortOrder } from '@chat/shared-types';
import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsOptional } from 'class-validator';
import { TrashablePageQueryDto } from '../../common/paging/page-query.dto.js';

export class MessageQueryDto extends TrashablePageQueryDto {
  @ApiPropertyOptional({
    enum: SORT_ORDERS,
    enumName: 'SortOrder',
    default: 'asc',
    description: '`asc`: oldest first.',
  })
  @IsOptional()
  @IsIn(SORT_ORDERS, { message: `order must be one of ${SORT_ORDERS.join(', ')}` })
  order?: SortOrder;
}
