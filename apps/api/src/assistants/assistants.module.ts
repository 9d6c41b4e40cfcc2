import { Module } from '@nestjs/common';
import { AppConfig } from '../config/app-config.js';
import { AssistantsController } from './assistants.controller.js';
import { GuideAssistant } from './guide-assistant.js';
import { ModelRegistry } from './model-registry.js';

@Module({
  controllers: [AssistantsController],
  providers: [
    {
      provide: ModelRegistry,
      inject: [AppConfig],
      useFactory: ({ assistants, environment }: AppConfig) =>
        // Tests have nobody to read along.
        new ModelRegistry(assistants, new GuideAssistant(environment === 'test' ? 0 : undefined)),
    },
  ],
  exports: [ModelRegistry],
})
export class AssistantsModule {}
