import { ImportFileError } from './import-file-error.js';
import { assertNoUtf16 } from './text-encoding.js';

/** What one value may cost. */
export interface ValueLimits {
  /** Bytes of its text. */
  readonly bytes: number;
  /** Arrays and objects inside each other. */
  readonly depth: number;
  /** Arrays and objects in all: short as their text may be, each takes some hundred bytes of memory. */
  readonly containers?: number;
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const COLON = 0x3a;
const OPEN_ARRAY = 0x5b;
const CLOSE_ARRAY = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;
const END = -1;
/** Longer than any name of a member that somebody reads. */
const MAX_NAME_BYTES = 4_096;
/** The members of a conversation, and its messages among them. */
const ENTERED_LEVELS = 2;

/** A value that is read in parts, as seen from one of them. */
interface Whole extends ValueLimits {
  /** Where it begins in the text. */
  readonly start: number;
  /** How many arrays and objects of it are around the part. */
  readonly level: number;
  /** How many arrays and objects were met so far; one count for all parts. */
  readonly met: { containers: number };
}

/**
 * Walks over JSON of any size that arrives in pieces: arrays and objects that are too large to hold
 * are entered member by member, the values in them that fit are read whole. It finds the ends of
 * values by itself, which is a matter of quotes and brackets, and leaves the rest of the grammar to
 * `JSON.parse` (RFC 8259), so that a gigabyte costs seconds and the memory of one value.
 *
 * Whoever enters an array or an object reads every value in it before asking for the next one.
 */
export class JsonScanner {
  /** What is being read, for messages: `conversation 12`. */
  place = '';

  private readonly chunks: AsyncIterator<Uint8Array>;
  private chunk: Uint8Array = new Uint8Array(0);
  private at = 0;
  /** Where the chunk begins in the text. */
  private before = 0;
  private first = true;

  /**
   * @param name what is read, as messages begin with: `"conversations.json"`.
   */
  constructor(
    chunks: AsyncIterable<Uint8Array>,
    private readonly name: string,
  ) {
    this.chunks = chunks[Symbol.asyncIterator]();
  }

  /** How many bytes are behind. */
  get offset(): number {
    return this.before + this.at;
  }

  /** Whether the next value is an array, an object, something else, or there is none. */
  async kind(): Promise<'array' | 'object' | 'other' | 'nothing'> {
    switch (await this.peek()) {
      case OPEN_ARRAY:
        return 'array';
      case OPEN_OBJECT:
        return 'object';
      case END:
        return 'nothing';
      default:
        return 'other';
    }
  }

  /** Enters an array: yields the index of each element, which the caller reads then. */
  async *elements(): AsyncGenerator<number> {
    await this.expect(OPEN_ARRAY);
    if ((await this.peek()) === CLOSE_ARRAY) {
      this.at += 1;
      return;
    }
    for (let index = 0; ; index += 1) {
      yield index;
      if (await this.isLast(CLOSE_ARRAY)) return;
    }
  }

  /** Enters an object: yields the name of each member, whose value the caller reads then. */
  async *members(nameBytes = MAX_NAME_BYTES): AsyncGenerator<string> {
    await this.expect(OPEN_OBJECT);
    if ((await this.peek()) === CLOSE_OBJECT) {
      this.at += 1;
      return;
    }
    for (;;) {
      if ((await this.peek()) !== QUOTE) throw await this.unexpected();
      const name = await this.value({ bytes: nameBytes, depth: 0 });
      await this.expect(COLON);
      yield String(name);
      if (await this.isLast(CLOSE_OBJECT)) return;
    }
  }

  /**
   * The next value as a whole. One that reaches beyond the chunk is read member by member, two
   * levels deep, and not from one text of it all: V8 puts what comes from a text of more than 100
   * KiB among what lives long (`JsonParser::kPretenureTreshold`), where a gigabyte of conversations
   * gathers until a full collection, while what comes from smaller texts goes with the next quick one.
   */
  async value(limits: ValueLimits): Promise<unknown> {
    await this.peek();
    return this.part({ ...limits, start: this.offset, level: 0, met: { containers: 0 } });
  }

  /** @throws where anything but blanks follows. */
  async end(): Promise<void> {
    if ((await this.peek()) !== END) throw await this.unexpected();
  }

  private async part(whole: Whole): Promise<unknown> {
    const first = await this.peek();
    if (first === END) throw this.cutOff();
    const isContainer = first === OPEN_OBJECT || first === OPEN_ARRAY;
    if (!isContainer || whole.level >= ENTERED_LEVELS || this.endsInChunk()) {
      return this.textOf(whole);
    }
    if (whole.level >= whole.depth) throw this.tooDeep(whole.depth);
    this.count(whole, 1);
    const inside = { ...whole, level: whole.level + 1 };
    return first === OPEN_OBJECT ? this.objectOf(inside) : this.arrayOf(inside);
  }

  private async objectOf(inside: Whole): Promise<Record<string, unknown>> {
    const object: Record<string, unknown> = {};
    for await (const name of this.members(inside.bytes)) {
      // As an own member, whatever it is called, as `JSON.parse` has it.
      Object.defineProperty(object, name, {
        value: await this.part(inside),
        enumerable: true,
        configurable: true,
        writable: true,
      });
    }
    return object;
  }

  private async arrayOf(inside: Whole): Promise<unknown[]> {
    const array: unknown[] = [];
    for await (const index of this.elements()) array[index] = await this.part(inside);
    return array;
  }

  private endsInChunk(): boolean {
    const scan = new ValueScan();
    scan.in(this.chunk, this.at);
    return scan.isOver;
  }

  /** A value from one text. */
  private async textOf(whole: Whole): Promise<unknown> {
    const start = this.offset;
    const pieces: Uint8Array[] = [];
    const scan = new ValueScan();
    for (;;) {
      const counted = scan.containers;
      const end = scan.in(this.chunk, this.at);
      this.count(whole, scan.containers - counted);
      if (whole.level + scan.depth > whole.depth) throw this.tooDeep(whole.depth);
      pieces.push(this.chunk.subarray(this.at, end));
      this.at = end;
      if (this.offset - whole.start > whole.bytes) throw this.tooLarge(whole.start, whole.bytes);
      if (scan.isOver) break;
      if (!(await this.load())) {
        if (scan.isScalar) break;
        throw this.cutOff();
      }
    }
    if (this.offset === start) throw await this.unexpected();
    return this.parse(pieces, start);
  }

  private count(whole: Whole, containers: number): void {
    whole.met.containers += containers;
    const most = whole.containers ?? Infinity;
    if (whole.met.containers > most) throw this.tooMany(whole.start, most);
  }

  private parse(pieces: readonly Uint8Array[], start: number): unknown {
    const bytes =
      pieces.length === 1 && pieces[0] !== undefined ? pieces[0] : Buffer.concat(pieces);
    let text: string;
    try {
      text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    } catch (cause) {
      throw new ImportFileError(
        `${this.name} is not valid UTF-8 ${this.in()}behind byte ${start}. Save it as UTF-8 and try again.`,
        { cause },
      );
    }
    try {
      return JSON.parse(text) as unknown;
    } catch (cause) {
      // V8 tells the place of some errors only.
      const position = /position (\d+)/.exec(String(cause))?.[1];
      const where =
        position === undefined
          ? `behind byte ${start}`
          : `at byte ${start + Buffer.byteLength(text.slice(0, Number(position)))}`;
      throw new ImportFileError(
        `${this.name} is not valid JSON ${this.in()}${where}. Nothing was taken from it.`,
        { cause },
      );
    }
  }

  /** Behind a value: whether the array or object ends, and if not, goes behind the comma. */
  private async isLast(close: number): Promise<boolean> {
    const byte = await this.peek();
    if (byte !== close && byte !== COMMA) throw await this.unexpected();
    this.at += 1;
    return byte === close;
  }

  private async expect(byte: number): Promise<void> {
    if ((await this.peek()) !== byte) throw await this.unexpected();
    this.at += 1;
  }

  /** The next byte that is no blank, or `END`; stands on it then. */
  private async peek(): Promise<number> {
    for (;;) {
      for (; this.at < this.chunk.length; this.at += 1) {
        const byte = this.chunk[this.at] ?? END;
        if (byte !== 0x20 && byte !== 0x0a && byte !== 0x0d && byte !== 0x09) return byte;
      }
      if (!(await this.load())) return END;
    }
  }

  private async load(): Promise<boolean> {
    for (;;) {
      const next = await this.chunks.next();
      if (next.done === true) return false;
      const { value } = next;
      if (value.length === 0) continue;
      this.before += this.chunk.length;
      this.chunk = value;
      this.at = 0;
      if (this.first) {
        assertNoUtf16(value, this.name);
        this.skipByteOrderMark();
      }
      this.first = false;
      return true;
    }
  }

  private skipByteOrderMark(): void {
    const [a, b, c] = this.chunk;
    if (a === 0xef && b === 0xbb && c === 0xbf) this.at = 3;
  }

  private in(): string {
    return this.place === '' ? '' : `in ${this.place}, `;
  }

  private cutOff(): ImportFileError {
    const where = this.place === '' ? '' : `, in the middle of ${this.place}`;
    return new ImportFileError(
      `${this.name} is cut off at byte ${this.offset}${where}: the rest is missing. Download or export it again.`,
    );
  }

  private async unexpected(): Promise<ImportFileError> {
    if ((await this.peek()) === END) return this.cutOff();
    return new ImportFileError(
      `${this.name} is not valid JSON ${this.in()}at byte ${this.offset}. Nothing was taken from it.`,
    );
  }

  private tooDeep(depth: number): ImportFileError {
    return new ImportFileError(
      `${this.name} is nested more than ${depth} levels deep ${this.in()}near byte ${this.offset}. Nobody exports that.`,
    );
  }

  private tooMany(start: number, most: number): ImportFileError {
    return new ImportFileError(
      `${this.name} holds more than ${most.toLocaleString('en')} lists and objects in one piece ${this.in()}from byte ${start} on. That is more than one conversation may take.`,
    );
  }

  private tooLarge(start: number, bytes: number): ImportFileError {
    const megabytes = Math.floor(bytes / 1024 / 1024);
    const most = megabytes > 0 ? `${megabytes} MB` : `${bytes} bytes`;
    return new ImportFileError(
      `${this.name} holds more than ${most} in one piece ${this.in()}from byte ${start} on. That is more than one conversation may take.`,
    );
  }
}

/** Finds the end of one value over several chunks. */
class ValueScan {
  /** The deepest so far. */
  depth = 0;
  /** How many arrays and objects began so far. */
  containers = 0;
  isOver = false;
  /** A number or a word, which ends where something else begins. */
  isScalar = false;
  private level = 0;
  private inString = false;
  private escaped = false;
  private begun = false;

  /** @returns where the value, or else the chunk, ends. */
  in(chunk: Uint8Array, from: number): number {
    let { level, inString, escaped, depth, containers } = this;
    let i = from;
    if (!this.begun) {
      const first = chunk[i];
      this.begun = true;
      this.isScalar = first !== QUOTE && first !== OPEN_ARRAY && first !== OPEN_OBJECT;
    }
    if (this.isScalar) return this.scalarIn(chunk, from);
    for (; i < chunk.length; i += 1) {
      const byte = chunk[i];
      if (inString) {
        if (escaped) escaped = false;
        else if (byte === BACKSLASH) escaped = true;
        else if (byte === QUOTE) {
          inString = false;
          if (level === 0) break;
        }
      } else if (byte === QUOTE) {
        inString = true;
      } else if (byte === OPEN_ARRAY || byte === OPEN_OBJECT) {
        level += 1;
        containers += 1;
        if (level > depth) depth = level;
      } else if (byte === CLOSE_ARRAY || byte === CLOSE_OBJECT) {
        level -= 1;
        if (level === 0) break;
      }
    }
    Object.assign(this, { level, inString, escaped, depth, containers });
    this.isOver = i < chunk.length;
    return Math.min(i + 1, chunk.length);
  }

  private scalarIn(chunk: Uint8Array, from: number): number {
    let i = from;
    for (; i < chunk.length; i += 1) {
      const byte = chunk[i] ?? 0;
      if (byte === COMMA || byte === CLOSE_ARRAY || byte === CLOSE_OBJECT || byte <= 0x20) break;
    }
    this.isOver = i < chunk.length;
    return i;
  }
}
