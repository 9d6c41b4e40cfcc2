import { Module } from '@nestjs/common';
import { MongooseModule } from '@nestjs/mongoose';
import { AssistantsModule } from '../assistants/assistants.module.js';
import { LeftoversModule } from '../leftovers/leftovers.module.js';
import { SessionChanges } from './session-changes.js';
import { SessionWhereaboutsTeller } from './session-whereabouts.js';
import { SessionSchema, StoredSession } from './session.schema.js';
import { SessionsController } from './sessions.controller.js';
import { SessionsRepository } from './sessions.repository.js';
import { SessionsService } from './sessions.service.js';

@Module({
  imports: [
    MongooseModule.forFeature([{ name: StoredSession.name, schema: SessionSchema }]),
    AssistantsModule,
    LeftoversModule,
  ],
  controllers: [SessionsController],
  providers: [SessionChanges, SessionsRepository, SessionsService, SessionWhereaboutsTeller],
  exports: [SessionChanges, SessionsRepository, SessionsService],
})
export class SessionsModule {}
