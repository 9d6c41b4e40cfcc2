import { Module } from '@nestjs/common';
import { MongooseModule } from '@nestjs/mongoose';
import { IdempotencyModule } from '../common/idempotency/idempotency.module.js';
import { LeftoversModule } from '../leftovers/leftovers.module.js';
import { SessionsModule } from '../sessions/sessions.module.js';
import { BranchSchema, StoredBranch } from './branch.schema.js';
import { BranchesRepository } from './branches.repository.js';
import { CountRepair } from './count-repair.js';
import { MessageEdits } from './message-edits.service.js';
import { MessageIndexes } from './message-index.js';
import { MessageLists } from './message-lists.service.js';
import { MessageRemoval } from './message-removal.repository.js';
import { MessagePaths } from './message-paths.js';
import { MessageTree } from './message-tree.js';
import { MessageSchema, StoredMessage } from './message.schema.js';
import { RevisionSchema, StoredRevision } from './message-revision.schema.js';
import { MessagesController } from './messages.controller.js';
import { MessagesRepository } from './messages.repository.js';
import { MessagesService } from './messages.service.js';
import { RecentPages } from './recent-pages.js';
import { ReplyMessages } from './reply-messages.js';
import { RevisionsController } from './revisions.controller.js';
import { RevisionsRepository } from './revisions.repository.js';
import { SessionBuilder } from './session-builder.js';
import { TreeUpgrade } from './tree-upgrade.js';
import { Upgrade, UpgradeSchema } from './tree-upgrade.schema.js';

@Module({
  imports: [
    MongooseModule.forFeature([
      { name: StoredMessage.name, schema: MessageSchema },
      { name: StoredBranch.name, schema: BranchSchema },
      { name: StoredRevision.name, schema: RevisionSchema },
      { name: Upgrade.name, schema: UpgradeSchema },
    ]),
    SessionsModule,
    IdempotencyModule,
    LeftoversModule,
  ],
  controllers: [MessagesController, RevisionsController],
  providers: [
    BranchesRepository,
    CountRepair,
    MessageEdits,
    MessageIndexes,
    MessageLists,
    MessagePaths,
    MessageRemoval,
    MessagesRepository,
    MessagesService,
    MessageTree,
    RecentPages,
    ReplyMessages,
    RevisionsRepository,
    SessionBuilder,
    TreeUpgrade,
  ],
  exports: [
    IdempotencyModule,
    MessageIndexes,
    MessageLists,
    MessagePaths,
    MessageRemoval,
    MessagesRepository,
    MessagesService,
    ReplyMessages,
    RevisionsRepository,
    SessionBuilder,
  ],
})
export class MessagesModule {}
