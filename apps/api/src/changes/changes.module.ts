import { Module } from '@nestjs/common';
import { SseModule } from '../common/sse/sse.module.js';
import { FoldersModule } from '../folders/folders.module.js';
import { SessionsModule } from '../sessions/sessions.module.js';
import { ChangesController } from './changes.controller.js';
import { ChangesHub } from './changes-hub.js';
import { ChangesService } from './changes.service.js';

@Module({
  imports: [FoldersModule, SessionsModule, SseModule],
  controllers: [ChangesController],
  providers: [ChangesHub, ChangesService],
})
export class ChangesModule {}
