import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { deserialize, serialize, type Document } from 'bson';

/** Path of the socket in a connection string. */
export function socketPath(uri: string): string {
  return decodeURIComponent(/\/\/([^/]+)/.exec(uri)?.[1] ?? '');
}

/** Sends commands exactly as given: the driver would put its own session into them. */
export class RawClient {
  private constructor(private readonly socket: Socket) {}

  static async open(uri: string): Promise<RawClient> {
    const socket = connect(socketPath(uri));
    await once(socket, 'connect');
    return new RawClient(socket);
  }

  async command(body: Document): Promise<Document> {
    const bson = serialize({ ...body, $db: (body.$db as string | undefined) ?? 'chat' });
    const frame = Buffer.alloc(21 + bson.length);
    frame.writeInt32LE(frame.length, 0);
    frame.writeInt32LE(1, 4);
    frame.writeInt32LE(2013, 12);
    frame.set(bson, 21);
    this.socket.write(frame);
    let answer = Buffer.alloc(0);
    while (answer.length < 4 || answer.length < answer.readInt32LE(0)) {
      const [chunk] = (await once(this.socket, 'data')) as [Buffer];
      answer = Buffer.concat([answer, chunk]);
    }
    return deserialize(answer.subarray(21));
  }

  close(): void {
    this.socket.destroy();
  }
}
