import type { Socket } from 'node:net';
import type { Answer } from '../commands/command.js';
import type { Dispatcher } from '../commands/dispatcher.js';
import { helloAnswer, MAX_MESSAGE_BYTES } from '../commands/handshake.js';
import { CommandError } from '../errors.js';
import {
  HEADER_BYTES,
  isCommand,
  isLegacyQuery,
  ProtocolViolation,
  readCommand,
  readLegacyQuery,
  writeAnswer,
  writeLegacyAnswer,
  type CommandMessage,
  type Message,
} from './message.js';

/** Stop reading from a client that sends faster than its commands are run. */
const MAX_WAITING = 64;

/** One client: frames are cut out of the stream and run strictly one after another. */
export class Connection {
  private readonly chunks: Buffer[] = [];
  private buffered = 0;
  private readonly waiting: Message[] = [];
  private working = false;
  private closed = false;

  constructor(
    private readonly socket: Socket,
    private readonly dispatcher: Dispatcher,
    private readonly address: string,
    private readonly onIdle: () => void,
  ) {
    socket.setNoDelay(true);
    socket.on('data', (chunk: Buffer) => this.receive(chunk));
    socket.on('error', () => this.close());
    socket.on('close', () => this.close());
  }

  /** Nothing is being run or waiting to be. */
  get idle(): boolean {
    return !this.working;
  }

  close(): void {
    if (this.closed) return;
    this.closed = true;
    this.waiting.length = 0;
    this.chunks.length = 0;
    this.socket.destroy();
    this.dispatcher.connectionClosed(this);
  }

  private receive(chunk: Buffer): void {
    if (this.closed) return;
    this.chunks.push(chunk);
    this.buffered += chunk.length;
    try {
      for (let message = this.nextMessage(); message; message = this.nextMessage()) {
        this.waiting.push(message);
      }
    } catch {
      // Only the length can be wrong here; what follows is not a message.
      this.close();
      return;
    }
    if (this.waiting.length > MAX_WAITING) this.socket.pause();
    if (!this.working && this.waiting.length > 0) void this.work();
  }

  private nextMessage(): Message | undefined {
    if (this.buffered < HEADER_BYTES) return undefined;
    const head = this.join(HEADER_BYTES);
    const length = head.readInt32LE(0);
    if (length < HEADER_BYTES || length > MAX_MESSAGE_BYTES) {
      throw new ProtocolViolation('message has a wrong length');
    }
    if (this.buffered < length) return undefined;
    const bytes = this.join(length);
    const rest = bytes.subarray(length);
    this.chunks.length = 0;
    if (rest.length > 0) this.chunks.push(rest);
    this.buffered = rest.length;
    return {
      requestId: bytes.readInt32LE(4),
      opcode: bytes.readInt32LE(12),
      body: bytes.subarray(HEADER_BYTES, length),
    };
  }

  /** At least `needed` bytes in one buffer; joined only when they lie in several. */
  private join(needed: number): Buffer {
    const [first] = this.chunks;
    if (first && first.length >= needed && this.chunks.length === 1) return first;
    if (first && first.length >= needed && needed === HEADER_BYTES) return first;
    const joined = Buffer.concat(this.chunks);
    this.chunks.length = 0;
    this.chunks.push(joined);
    return joined;
  }

  private async work(): Promise<void> {
    this.working = true;
    for (let message = this.waiting.shift(); message; message = this.waiting.shift()) {
      try {
        await this.answer(message);
      } catch {
        this.close();
        break;
      }
      if (this.waiting.length === 0 && this.socket.isPaused()) this.socket.resume();
    }
    this.working = false;
    this.onIdle();
  }

  private async answer(message: Message): Promise<void> {
    if (isLegacyQuery(message)) {
      this.answerLegacy(message);
      return;
    }
    if (!isCommand(message)) throw new ProtocolViolation('unknown opcode');
    const { requestId } = message;
    let command: CommandMessage;
    try {
      command = readCommand(message);
    } catch (error) {
      if (!(error instanceof CommandError)) throw error;
      const { code, codeName, message: errmsg } = error;
      this.send(writeAnswer(requestId, { ok: 0, errmsg, code, codeName }));
      return;
    }
    const answer = await this.dispatcher.run(command.body, this);
    if (!command.moreToCome) this.send(writeAnswer(requestId, answer));
  }

  private answerLegacy(message: Message): void {
    const command = readLegacyQuery(message);
    const [name = ''] = command.keys();
    const greeting = ['ismaster', 'isMaster', 'hello'].includes(name);
    const answer: Answer = greeting
      ? { ...helloAnswer(this.address, name !== 'hello'), ok: 1 }
      : {
          ok: 0,
          errmsg: `Unsupported OP_QUERY command: ${name}`,
          code: 352,
          codeName: 'UnsupportedOpQueryCommand',
        };
    this.send(writeLegacyAnswer(message.requestId, answer));
  }

  private send(parts: readonly Buffer[]): void {
    if (this.closed || !this.socket.writable) return;
    this.socket.cork();
    for (const part of parts) this.socket.write(part);
    this.socket.uncork();
  }
}
