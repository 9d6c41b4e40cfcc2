import { Injectable, type OnModuleInit } from '@nestjs/common';
import { LeftoversService } from '../leftovers/leftovers.service.js';
import { SessionsRepository } from './sessions.repository.js';

/** Tells the room that removes leftovers which sessions there are. */
@Injectable()
export class SessionWhereaboutsTeller implements OnModuleInit {
  constructor(
    private readonly leftovers: LeftoversService,
    private readonly sessions: SessionsRepository,
  ) {}

  onModuleInit(): void {
    this.leftovers.findSessionsThrough((userId, id) => this.sessions.whereabouts(userId, id));
  }
}
