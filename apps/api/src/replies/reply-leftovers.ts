import { Injectable, type OnModuleInit } from '@nestjs/common';
import { MessageRemoval } from '../messages/message-removal.repository.js';
import { ReplyChunksRepository } from './reply-chunks.repository.js';
import { ReplyRunsRepository } from './reply-runs.repository.js';

/**
 * Removes what is written down of replies whose messages go for good. Where one is still being
 * written, its writer is asked to stop, finds nothing to end and clears what came in meanwhile; the
 * reaper does so for a writer that is dead.
 */
@Injectable()
export class ReplyLeftovers implements OnModuleInit {
  constructor(
    private readonly removal: MessageRemoval,
    private readonly runs: ReplyRunsRepository,
    private readonly chunks: ReplyChunksRepository,
  ) {}

  onModuleInit(): void {
    this.removal.onRemove(async (userId, messageIds) => {
      for (const { _id } of await this.runs.running(messageIds)) {
        await this.runs.requestStop(userId, _id);
      }
      await this.chunks.deleteOf(messageIds);
    });
  }
}
