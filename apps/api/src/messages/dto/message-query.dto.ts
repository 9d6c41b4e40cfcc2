import { BRANCH_VIEWS, SORT_ORDERS, type BranchView, type SortOrder } from '@chat/shared-types';
import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsOptional, Matches, ValidateIf } from 'class-validator';
import { Types } from 'mongoose';
import { TrashablePageQueryDto } from '../../common/paging/page-query.dto.js';
import { invalidField } from '../../common/problem/problem.exception.js';
import type { MessageListQuery } from '../message-lists.service.js';

const ID = /^[0-9a-fA-F]{24}$/;

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

  @ApiPropertyOptional({
    enum: BRANCH_VIEWS,
    enumName: 'BranchView',
    default: 'active',
    description: '`active`: the branch that is shown, root to leaf; `all`: the whole tree.',
  })
  @ValidateIf((_query, value) => value !== undefined)
  @IsIn(BRANCH_VIEWS, { message: `branch must be one of ${BRANCH_VIEWS.join(', ')}` })
  branch?: BranchView;

  @ApiPropertyOptional({
    pattern: '^[0-9a-fA-F]{24}$',
    description: 'The path to this message, root to leaf. Not together with `branch` or `deleted`.',
  })
  @ValidateIf((_query, value) => value !== undefined)
  @Matches(ID, { message: 'leaf must be the id of a message, given once' })
  leaf?: string;

  @ApiPropertyOptional({
    pattern: '^[0-9a-fA-F]{24}$',
    description:
      'A page with this message of the branch that is shown in its middle; with `limit`, without ' +
      '`cursor`. `Link` names the pages on both sides of it: `next`, and `prev` in the other order.',
  })
  @ValidateIf((_query, value) => value !== undefined)
  @Matches(ID, { message: 'around must be the id of a message, given once' })
  around?: string;
}

/** The message itself and one on either side. */
const LEAST_AROUND = 3;

/**
 * The message that a page is asked for around, where one is.
 *
 * @throws a 400 where something else of the query excludes that.
 */
export function aroundOf(query: MessageQueryDto): Types.ObjectId | undefined {
  const { around, limit, cursor, leaf, branch, deleted } = query;
  if (around === undefined) return undefined;
  if (cursor !== undefined || leaf !== undefined || branch === 'all' || deleted === true) {
    throw invalidField('?around', 'around is for the shown branch alone, and without a cursor.');
  }
  if (limit === undefined || limit < LEAST_AROUND) {
    throw invalidField('?limit', `around needs a limit of ${LEAST_AROUND} or more.`);
  }
  return new Types.ObjectId(around);
}

/**
 * The messages that a query asks for.
 *
 * @throws a 400 where it asks for two things that exclude each other.
 */
export function viewOf({ deleted, branch, leaf }: MessageQueryDto): MessageListQuery['view'] {
  if (leaf !== undefined && (branch !== undefined || deleted === true)) {
    throw invalidField('?leaf', 'leaf cannot be combined with branch or deleted.');
  }
  if (deleted === true && branch !== undefined) {
    throw invalidField('?branch', 'branch cannot be combined with deleted: the trash is one list.');
  }
  if (leaf !== undefined) return { leaf: new Types.ObjectId(leaf) };
  return deleted === true ? 'deleted' : (branch ?? 'active');
}
