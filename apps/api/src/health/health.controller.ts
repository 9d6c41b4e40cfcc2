import { Controller, Get } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiProperty, ApiSchema, ApiTags } from '@nestjs/swagger';
import { Public } from '../auth/public.decorator.js';
import { ApiProblem } from '../common/openapi/api-problem.decorator.js';
import { DatabaseHealth } from '../persistence/database-health.js';

@ApiSchema({ name: 'Health' })
export class HealthDto {
  @ApiProperty({ enum: ['ok'] })
  status!: 'ok';
}

/** For whatever watches over the process. */
@ApiTags('Health')
@Public()
@Controller('health')
export class HealthController {
  constructor(private readonly database: DatabaseHealth) {}

  @Get('live')
  @ApiOperation({ operationId: 'checkLive', summary: 'Whether the process answers' })
  @ApiOkResponse({ type: HealthDto })
  @ApiProblem(500)
  live(): HealthDto {
    return { status: 'ok' };
  }

  @Get('ready')
  @ApiOperation({ operationId: 'checkReady', summary: 'Whether the database answers, too' })
  @ApiOkResponse({ type: HealthDto })
  @ApiProblem(500, 503)
  async ready(): Promise<HealthDto> {
    await this.database.assertReachable();
    return { status: 'ok' };
  }
}
