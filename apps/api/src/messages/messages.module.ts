import { Module } from '@nestjs/common';
import { MongooseModule } from '@nestjs/mongoose';
import { IdempotencyModule } from '../common/idempotency/idempotency.module.js';
import { SessionsModule } from '../sessions/sessions.module.js';
import { CountRepair } from './count-repair.js';
import { MessageSchema, StoredMessage } from './message.schema.js';
import { MessagesController } from './messages.controller.js';
import { MessagesRepository } from './messages.repository.js';
import { MessagesService } from './messages.service.js';

@Module({
  imports: [
    MongooseModule.forFeature([{ name: StoredMessage.name, schema: MessageSchema }]),
    SessionsModule,
    IdempotencyModule,
  ],
  controllers: [MessagesController],
  providers: [CountRepair, MessagesRepository, MessagesService],
})
export class MessagesModule {}
