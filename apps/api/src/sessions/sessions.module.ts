import { Module } from '@nestjs/common';
import { MongooseModule } from '@nestjs/mongoose';
import { AssistantsModule } from '../assistants/assistants.module.js';
import { LeftoversModule } from '../leftovers/leftovers.module.js';
import { FolderSessions } from './folder-sessions.js';
import { ListedSessions } from './listed-sessions.js';
import { OrderUpgrade } from './order-upgrade.js';
import { SessionBulkController } from './session-bulk.controller.js';
import { SessionBulkRepository } from './session-bulk.repository.js';
import { SessionBulk } from './session-bulk.service.js';
import { SessionChanges } from './session-changes.js';
import { SessionHooks } from './session-hooks.js';
import { SessionListsRepository } from './session-lists.repository.js';
import { SessionLists } from './session-lists.service.js';
import { SessionRevealer } from './session-revealer.js';
import { SessionWhereaboutsTeller } from './session-whereabouts.js';
import { SessionSchema, StoredSession } from './session.schema.js';
import { SessionsController } from './sessions.controller.js';
import { SessionsRepository } from './sessions.repository.js';
import { SessionsService } from './sessions.service.js';
import { TagsController } from './tags.controller.js';

@Module({
  imports: [
    MongooseModule.forFeature([{ name: StoredSession.name, schema: SessionSchema }]),
    AssistantsModule,
    LeftoversModule,
  ],
  controllers: [SessionBulkController, SessionsController, TagsController],
  providers: [
    FolderSessions,
    ListedSessions,
    OrderUpgrade,
    SessionBulk,
    SessionBulkRepository,
    SessionChanges,
    SessionHooks,
    SessionLists,
    SessionListsRepository,
    SessionRevealer,
    SessionsRepository,
    SessionsService,
    SessionWhereaboutsTeller,
  ],
  exports: [
    FolderSessions,
    SessionChanges,
    SessionHooks,
    SessionRevealer,
    SessionsRepository,
    SessionsService,
  ],
})
export class SessionsModule {}
