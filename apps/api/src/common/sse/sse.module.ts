import { Module } from '@nestjs/common';
import { EventStreams } from './event-streams.js';

/** Server-sent events for any feature. */
@Module({ providers: [EventStreams], exports: [EventStreams] })
export class SseModule {}
