import type { FieldProblem, Problem } from '@chat/shared-types';
import { ApiProperty, ApiSchema } from '@nestjs/swagger';

@ApiSchema({ name: 'FieldProblem' })
export class FieldProblemDto implements FieldProblem {
  @ApiProperty({
    description: 'A JSON pointer into the body, or `?name` for a query parameter.',
    example: '/title',
  })
  pointer!: string;

  @ApiProperty({ description: 'A sentence a person can act on.' })
  detail!: string;
}

/** RFC 9457. */
@ApiSchema({ name: 'Problem' })
export class ProblemDto implements Problem {
  @ApiProperty({ format: 'uri-reference', example: '/problems/not-found' })
  type!: string;

  @ApiProperty({ example: 'Not found' })
  title!: string;

  @ApiProperty({ type: 'integer', example: 404 })
  status!: number;

  @ApiProperty({ description: 'A sentence a person can act on.' })
  detail!: string;

  @ApiProperty({ description: 'The path of the request.', example: '/chat/sessions' })
  instance!: string;

  @ApiProperty({ type: [FieldProblemDto], required: false })
  errors?: FieldProblemDto[];
}
