import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** The bare handler, running as its own process like the API does. */
export interface BareServer {
  readonly url: string;
  stop(): Promise<void>;
}

/** Starts `bare-handler.ts` on a free port, as this user, against the database under test. */
export async function startBareServer(mongodbUri: string, userId: string): Promise<BareServer> {
  const child = fork(fileURLToPath(new URL('./bare-handler.ts', import.meta.url)), [], {
    env: { ...process.env, MONGODB_URI: mongodbUri, USER_ID: userId },
  });
  const [message] = (await once(child, 'message')) as [{ port: number }];
  return {
    url: `http://127.0.0.1:${message.port}`,
    async stop() {
      const ended = once(child, 'exit');
      child.kill();
      await ended;
    },
  };
}
