import { Module } from '@nestjs/common';
import { MessagesModule } from '../messages/messages.module.js';
import { SessionsModule } from '../sessions/sessions.module.js';
import { DuplicateSource } from './duplicate-source.js';
import { DuplicatesController } from './duplicates.controller.js';
import { Duplicates } from './duplicates.service.js';

/** Copies of sessions and forks of conversations. */
@Module({
  imports: [MessagesModule, SessionsModule],
  controllers: [DuplicatesController],
  providers: [Duplicates, DuplicateSource],
})
export class DuplicatesModule {}
