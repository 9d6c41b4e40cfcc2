import type { Writable } from 'node:stream';

const LEVELS: Readonly<Record<number, string>> = {
  10: 'trace',
  20: 'debug',
  30: 'info',
  40: 'WARN',
  50: 'ERROR',
  60: 'FATAL',
};

interface LogLine {
  level: number;
  time: number;
  msg?: string;
  err?: { message?: string; stack?: string };
  method?: string;
  path?: string;
  status?: number;
  ms?: number;
}

/** A destination for pino that writes each JSON line as a short readable one. */
export class ReadableLines {
  constructor(private readonly out: Writable) {}

  write(line: string): void {
    const { level, time, msg = '', err, method, path, status, ms } = JSON.parse(line) as LogLine;
    const clock = new Date(time).toTimeString().slice(0, 8);
    const request =
      method === undefined ? '' : ` ${method} ${path ?? ''} ${status ?? ''} ${ms ?? ''} ms`;
    const reason = err === undefined ? '' : `\n${err.stack ?? err.message ?? ''}`;
    this.out.write(`${clock} ${LEVELS[level] ?? level} ${msg}${request}${reason}\n`);
  }
}
