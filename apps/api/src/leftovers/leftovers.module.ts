import { Module } from '@nestjs/common';
import { MongooseModule } from '@nestjs/mongoose';
import { AccountLeftover, AccountLeftoverSchema } from './account-leftover.schema.js';
import { LeftoversRepository } from './leftovers.repository.js';
import { LeftoversService } from './leftovers.service.js';
import { LeftoversSweeper } from './leftovers.sweeper.js';
import { SessionLeftover, SessionLeftoverSchema } from './session-leftover.schema.js';

/** Removes what is stored of sessions and accounts that are gone. */
@Module({
  imports: [
    MongooseModule.forFeature([
      { name: SessionLeftover.name, schema: SessionLeftoverSchema },
      { name: AccountLeftover.name, schema: AccountLeftoverSchema },
    ]),
  ],
  providers: [LeftoversRepository, LeftoversService, LeftoversSweeper],
  exports: [LeftoversService, LeftoversSweeper],
})
export class LeftoversModule {}
