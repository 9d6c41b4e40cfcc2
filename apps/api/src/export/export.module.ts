import { Module } from '@nestjs/common';
import { MongooseModule } from '@nestjs/mongoose';
import { RevisionSchema, StoredRevision } from '../messages/message-revision.schema.js';
import { MessageSchema, StoredMessage } from '../messages/message.schema.js';
import { MessagesModule } from '../messages/messages.module.js';
import { SessionSchema, StoredSession } from '../sessions/session.schema.js';
import { SessionsModule } from '../sessions/sessions.module.js';
import { AccountArchive } from './account-archive.js';
import { AccountExportController } from './account-export.controller.js';
import { ConversationReader } from './conversation-reader.js';
import { ExportRepository } from './export.repository.js';
import { PdfService } from './pdf/pdf.service.js';
import { SessionExportController } from './session-export.controller.js';
import { SessionExports } from './session-exports.service.js';

/** Takes conversations away: one in five formats, or everything. */
@Module({
  imports: [
    MongooseModule.forFeature([
      { name: StoredSession.name, schema: SessionSchema },
      { name: StoredMessage.name, schema: MessageSchema },
      { name: StoredRevision.name, schema: RevisionSchema },
    ]),
    MessagesModule,
    SessionsModule,
  ],
  controllers: [AccountExportController, SessionExportController],
  providers: [AccountArchive, ConversationReader, ExportRepository, PdfService, SessionExports],
})
export class ExportModule {}
