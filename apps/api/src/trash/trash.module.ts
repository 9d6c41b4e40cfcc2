import { Module } from '@nestjs/common';
import { MongooseModule } from '@nestjs/mongoose';
import { LeftoversModule } from '../leftovers/leftovers.module.js';
import { MessageSchema, StoredMessage } from '../messages/message.schema.js';
import { MessagesModule } from '../messages/messages.module.js';
import { SessionSchema, StoredSession } from '../sessions/session.schema.js';
import { SessionsModule } from '../sessions/sessions.module.js';
import { TrashController } from './trash.controller.js';
import { TrashRepository } from './trash.repository.js';
import { TrashRetention } from './trash-retention.js';
import { TrashService } from './trash.service.js';

@Module({
  imports: [
    MongooseModule.forFeature([
      { name: StoredSession.name, schema: SessionSchema },
      { name: StoredMessage.name, schema: MessageSchema },
    ]),
    LeftoversModule,
    MessagesModule,
    SessionsModule,
  ],
  controllers: [TrashController],
  providers: [TrashRepository, TrashRetention, TrashService],
})
export class TrashModule {}
