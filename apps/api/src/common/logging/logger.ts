import type { LoggerService } from '@nestjs/common';
import { pino, type Logger } from 'pino';
import { ReadableLines } from './readable-lines.js';

/** What a log line must never hold, wherever it stands in an object that is logged. */
const SECRETS = [
  'authorization',
  'cookie',
  'password',
  'current_password',
  'new_password',
  'access_token',
  'headers.authorization',
  'headers.cookie',
  '*.authorization',
  '*.cookie',
  '*.password',
];

/**
 * JSON lines, one an event; short readable lines where a person watches a terminal in
 * development.
 */
export function createLogger(level: string, readable: boolean): Logger {
  const options = { level, redact: { paths: SECRETS, remove: true }, base: undefined };
  return readable ? pino(options, new ReadableLines(process.stdout)) : pino(options);
}

/**
 * Rooms of NestJS that report what stops a start. It is thrown as well, and said once, in one line,
 * by `main.ts`.
 */
const SAID_BY_MAIN = ['ExceptionHandler', 'MongooseModule', 'NestApplication'];

/** NestJS's own messages, in the same log. Its chatter about a start is for debugging. */
export class NestLogger implements LoggerService {
  constructor(private readonly logger: Logger) {}

  log(message: unknown, ...context: unknown[]): void {
    this.write('debug', message, context);
  }
  error(message: unknown, ...context: unknown[]): void {
    this.write('error', message, context);
  }
  warn(message: unknown, ...context: unknown[]): void {
    this.write('warn', message, context);
  }
  debug(message: unknown, ...context: unknown[]): void {
    this.write('debug', message, context);
  }
  verbose(message: unknown, ...context: unknown[]): void {
    this.write('trace', message, context);
  }
  fatal(message: unknown, ...context: unknown[]): void {
    this.write('fatal', message, context);
  }

  private write(
    level: 'fatal' | 'error' | 'warn' | 'debug' | 'trace',
    message: unknown,
    context: unknown[],
  ): void {
    const texts = context.filter((one) => typeof one === 'string');
    const fields =
      message instanceof Error
        ? { err: message }
        : typeof message === 'object' && message !== null
          ? message
          : {};
    // NestJS passes the room last, and a stack before it.
    const room = texts.pop();
    const text = typeof message === 'string' ? message : (texts.shift() ?? '');
    const shown = room !== undefined && SAID_BY_MAIN.includes(room) ? 'debug' : level;
    this.logger[shown]({ ...fields, room }, text);
  }
}
