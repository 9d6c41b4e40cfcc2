import { Module, type DynamicModule } from '@nestjs/common';
import { AssistantsModule } from './assistants/assistants.module.js';
import { AuthModule } from './auth/auth.module.js';
import { ChangesModule } from './changes/changes.module.js';
import type { AppConfig } from './config/app-config.js';
import { ConfigModule } from './config/config.module.js';
import { DuplicatesModule } from './duplicates/duplicates.module.js';
import { ExportModule } from './export/export.module.js';
import { FoldersModule } from './folders/folders.module.js';
import { HealthModule } from './health/health.module.js';
import { ImportModule } from './import/import.module.js';
import { LeftoversModule } from './leftovers/leftovers.module.js';
import { MessagesModule } from './messages/messages.module.js';
import { PersistenceModule } from './persistence/persistence.module.js';
import { ReactionsModule } from './reactions/reactions.module.js';
import { RepliesModule } from './replies/replies.module.js';
import { SearchModule } from './search/search.module.js';
import { SessionsModule } from './sessions/sessions.module.js';
import { TrashModule } from './trash/trash.module.js';

/** What the application is made of, decided before it starts. */
export interface AppParts {
  readonly config: AppConfig;
  /** Where the database is. */
  readonly databaseUri: string;
  /** Signs access tokens. */
  readonly jwtSecret: string;
}

/** The list of rooms. */
@Module({})
export class AppModule {
  static forRoot({ config, databaseUri, jwtSecret }: AppParts): DynamicModule {
    return {
      module: AppModule,
      imports: [
        ConfigModule.forRoot(config),
        PersistenceModule.forRoot(databaseUri),
        AuthModule.forRoot(jwtSecret),
        AssistantsModule,
        LeftoversModule,
        SessionsModule,
        FoldersModule,
        MessagesModule,
        DuplicatesModule,
        RepliesModule,
        ReactionsModule,
        SearchModule,
        TrashModule,
        ChangesModule,
        ExportModule,
        ImportModule,
        HealthModule,
      ],
    };
  }
}
