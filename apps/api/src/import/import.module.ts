import { Module } from '@nestjs/common';
import { MongooseModule } from '@nestjs/mongoose';
import { FoldersModule } from '../folders/folders.module.js';
import { LeftoversModule } from '../leftovers/leftovers.module.js';
import { MessagesModule } from '../messages/messages.module.js';
import { SessionSchema, StoredSession } from '../sessions/session.schema.js';
import { SessionsModule } from '../sessions/sessions.module.js';
import { ConversationImporter } from './conversation-importer.js';
import { ImportEntrySchema, StoredImportEntry } from './import-entry.schema.js';
import { ImportFolders } from './import-folders.js';
import { ImportSchema, StoredImport } from './import-job.schema.js';
import { ImportReaper } from './import-reaper.js';
import { ImportRunner } from './import-runner.js';
import { ImportUndo } from './import-undo.js';
import { ImportController } from './import.controller.js';
import { ImportedSession, ImportedSessionSchema } from './imported-session.schema.js';
import { ImportedSessionsRepository } from './imported-sessions.repository.js';
import { ImportsRepository } from './imports.repository.js';
import { ImportsService } from './imports.service.js';
import { Uploads } from './uploads.js';

@Module({
  imports: [
    MongooseModule.forFeature([
      { name: StoredImport.name, schema: ImportSchema },
      { name: StoredImportEntry.name, schema: ImportEntrySchema },
      { name: ImportedSession.name, schema: ImportedSessionSchema },
      { name: StoredSession.name, schema: SessionSchema },
    ]),
    FoldersModule,
    LeftoversModule,
    MessagesModule,
    SessionsModule,
  ],
  controllers: [ImportController],
  providers: [
    ConversationImporter,
    ImportedSessionsRepository,
    ImportFolders,
    ImportReaper,
    ImportRunner,
    ImportsRepository,
    ImportsService,
    ImportUndo,
    Uploads,
  ],
})
export class ImportModule {}
