import { Module } from '@nestjs/common';
import { MongooseModule } from '@nestjs/mongoose';
import { FoldersModule } from '../folders/folders.module.js';
import { LeftoversModule } from '../leftovers/leftovers.module.js';
import { MessageSchema, StoredMessage } from '../messages/message.schema.js';
import { MessagesModule } from '../messages/messages.module.js';
import { SessionSchema, StoredSession } from '../sessions/session.schema.js';
import { SessionsModule } from '../sessions/sessions.module.js';
import { IndexState } from './index-state.js';
import { Reindexer } from './reindexer.js';
import { SearchConditionsReader } from './search-conditions.js';
import { SearchController } from './search.controller.js';
import { SearchEntriesRepository } from './search-entries.repository.js';
import { SearchEntry, SearchEntrySchema } from './search-entry.schema.js';
import { SearchIndex } from './search-index.js';
import { SearchIndexBuilder } from './search-index-builder.js';
import { SearchMessagesRepository } from './search-messages.repository.js';
import { SearchReader } from './search-reader.js';
import { SearchService } from './search.service.js';
import { SearchSessionsRepository } from './search-sessions.repository.js';
import { SearchTerm, SearchTermSchema } from './search-term.schema.js';
import { SearchTermsRepository } from './search-terms.repository.js';

/** Finding titles and messages by their words, and the index that it takes. */
@Module({
  imports: [
    MongooseModule.forFeature([
      { name: SearchEntry.name, schema: SearchEntrySchema },
      { name: SearchTerm.name, schema: SearchTermSchema },
      { name: StoredMessage.name, schema: MessageSchema },
      { name: StoredSession.name, schema: SessionSchema },
    ]),
    FoldersModule,
    LeftoversModule,
    MessagesModule,
    SessionsModule,
  ],
  controllers: [SearchController],
  providers: [
    IndexState,
    Reindexer,
    SearchConditionsReader,
    SearchEntriesRepository,
    SearchIndex,
    SearchIndexBuilder,
    SearchMessagesRepository,
    SearchReader,
    SearchService,
    SearchSessionsRepository,
    SearchTermsRepository,
  ],
})
export class SearchModule {}
