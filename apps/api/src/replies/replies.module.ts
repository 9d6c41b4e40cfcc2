import { Module } from '@nestjs/common';
import { MongooseModule } from '@nestjs/mongoose';
import { AssistantsModule } from '../assistants/assistants.module.js';
import { IdempotencyModule } from '../common/idempotency/idempotency.module.js';
import { SseModule } from '../common/sse/sse.module.js';
import { MessagesModule } from '../messages/messages.module.js';
import { SessionsModule } from '../sessions/sessions.module.js';
import { ChunkWriter } from './chunk-writer.js';
import { Prompts } from './prompts.service.js';
import { Reaper } from './reaper.js';
import { RemoteReplies } from './remote-replies.js';
import { RepliesController } from './replies.controller.js';
import { RepliesService } from './replies.service.js';
import { ChunkSchema, StoredChunk } from './reply-chunk.schema.js';
import { ReplyChunksRepository } from './reply-chunks.repository.js';
import { ReplyEndings } from './reply-endings.js';
import { ReplyLeftovers } from './reply-leftovers.js';
import { OwnerSchema, ReplyOwnersRepository, StoredOwner } from './reply-owners.js';
import { RunSchema, StoredRun } from './reply-run.schema.js';
import { ReplyRunsRepository } from './reply-runs.repository.js';
import { ReplyStops } from './reply-stops.service.js';
import { ReplyStreams } from './reply-streams.service.js';
import { RunningReplies } from './running-replies.js';
import { SendController } from './send.controller.js';
import { TitleController } from './title.controller.js';
import { TitlesService } from './titles.service.js';

@Module({
  imports: [
    MongooseModule.forFeature([
      { name: StoredRun.name, schema: RunSchema },
      { name: StoredChunk.name, schema: ChunkSchema },
      { name: StoredOwner.name, schema: OwnerSchema },
    ]),
    AssistantsModule,
    IdempotencyModule,
    MessagesModule,
    SessionsModule,
    SseModule,
  ],
  controllers: [SendController, RepliesController, TitleController],
  providers: [
    ChunkWriter,
    Prompts,
    Reaper,
    RemoteReplies,
    RepliesService,
    ReplyChunksRepository,
    ReplyEndings,
    ReplyLeftovers,
    ReplyOwnersRepository,
    ReplyRunsRepository,
    ReplyStops,
    ReplyStreams,
    RunningReplies,
    TitlesService,
  ],
})
export class RepliesModule {}
