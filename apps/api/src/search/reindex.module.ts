import { Module, type DynamicModule } from '@nestjs/common';
import { MongooseModule } from '@nestjs/mongoose';
import { MessageSchema, StoredMessage } from '../messages/message.schema.js';
import { PersistenceModule } from '../persistence/persistence.module.js';
import { SessionSchema, StoredSession } from '../sessions/session.schema.js';
import { IndexState } from './index-state.js';
import { Reindexer } from './reindexer.js';
import { SearchEntry, SearchEntrySchema } from './search-entry.schema.js';
import { SearchTerm, SearchTermSchema } from './search-term.schema.js';
import { SearchTermsRepository } from './search-terms.repository.js';

/** What `npm run search:reindex` needs, and nothing that answers requests or clears up. */
@Module({})
export class ReindexModule {
  /** @param databaseUri as for `PersistenceModule`. */
  static forRoot(databaseUri: string): DynamicModule {
    return {
      module: ReindexModule,
      imports: [
        PersistenceModule.forRoot(databaseUri),
        MongooseModule.forFeature([
          { name: SearchEntry.name, schema: SearchEntrySchema },
          { name: SearchTerm.name, schema: SearchTermSchema },
          { name: StoredMessage.name, schema: MessageSchema },
          { name: StoredSession.name, schema: SessionSchema },
        ]),
      ],
      providers: [IndexState, Reindexer, SearchTermsRepository],
    };
  }
}
