import { Module } from '@nestjs/common';
import { MongooseModule } from '@nestjs/mongoose';
import { LeftoversModule } from '../leftovers/leftovers.module.js';
import { SessionsModule } from '../sessions/sessions.module.js';
import { FolderChange, FolderChangeSchema } from './folder-change.schema.js';
import { FolderSchema, StoredFolder } from './folder.schema.js';
import { FoldersController } from './folders.controller.js';
import { FoldersRepository } from './folders.repository.js';
import { FoldersService } from './folders.service.js';

@Module({
  imports: [
    MongooseModule.forFeature([
      { name: StoredFolder.name, schema: FolderSchema },
      { name: FolderChange.name, schema: FolderChangeSchema },
    ]),
    LeftoversModule,
    SessionsModule,
  ],
  controllers: [FoldersController],
  providers: [FoldersRepository, FoldersService],
  exports: [FoldersRepository, FoldersService],
})
export class FoldersModule {}
