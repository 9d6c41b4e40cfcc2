import { Module } from '@nestjs/common';
import { MongooseModule } from '@nestjs/mongoose';
import { AssistantsModule } from '../assistants/assistants.module.js';
import { SessionChanges } from './session-changes.js';
import { SessionSchema, StoredSession } from './session.schema.js';
import { SessionsController } from './sessions.controller.js';
import { SessionsRepository } from './sessions.repository.js';
import { SessionsService } from './sessions.service.js';

@Module({
  imports: [
    MongooseModule.forFeature([{ name: StoredSession.name, schema: SessionSchema }]),
    AssistantsModule,
  ],
  controllers: [SessionsController],
  providers: [SessionChanges, SessionsRepository, SessionsService],
  exports: [SessionChanges, SessionsRepository, SessionsService],
})
export class SessionsModule {}
