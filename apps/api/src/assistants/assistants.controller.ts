import type { AssistantModel } from '@chat/shared-types';
import { Controller, Get } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { ApiProblem } from '../common/openapi/api-problem.decorator.js';
import { AssistantModelDto } from './dto/assistant-model.dto.js';
import { ModelRegistry } from './model-registry.js';

@ApiTags('Assistants')
@ApiBearerAuth()
@ApiProblem(401, 500, 503)
@Controller('assistants')
export class AssistantsController {
  constructor(private readonly models: ModelRegistry) {}

  @Get('models')
  @ApiOperation({ operationId: 'listModels', summary: 'List the models that can answer' })
  @ApiOkResponse({ type: [AssistantModelDto] })
  list(): AssistantModel[] {
    return this.models.list();
  }
}
