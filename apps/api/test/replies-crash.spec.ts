import { rm } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { STEADY_TEXT } from '@chat/scripted-provider';
import { ApiClient } from './support/api-client.js';
import { temporaryDir } from './support/database.js';
import { joined, type EventReader } from './support/events.js';
import { ask, endOf, follow, joinedOf, readAll, stored, type Asked } from './support/replies.js';
import { isForTitle, startScripted, type Scripted } from './support/scripted-app.js';
import { startServerProcess } from './support/server-process.js';

const REPLIES = 20;
/** Replies begin one after the other, so that each is killed at another point of its text. */
const BEGIN_EVERY_MS = 100;
const LONGEST_LIFE_MS = 3_000;
/** What the contract promises. */
const LOSS_MS = 1_000;
const REAPED_WITHIN_MS = 30_000;

describe('a server that dies while it writes replies', () => {
  let dir: string;
  let scripted: Scripted;
  beforeEach(async () => {
    dir = await temporaryDir();
    scripted = await startScripted();
  });
  afterEach(async () => {
    await scripted.provider.stop();
    await rm(dir, { recursive: true, force: true });
  });

  const start = () =>
    startServerProcess({
      DATA_DIR: dir,
      MAX_RUNNING_REPLIES: '50',
      SHUTDOWN_GRACE_MS: '3000',
      ...scripted.env,
    });

  it(`by SIGKILL loses nothing of ${REPLIES} replies that was seen a second before`, async () => {
    const first = await start();
    const me = await new ApiClient(first.url).signIn('alice', 'alicepass123');
    const begun: { asked: Asked; seen: Promise<{ text: string; at: number }[]> }[] = [];
    for (let i = 0; i < REPLIES; i += 1) {
      const { _id } = await me.createSession(`session ${i}`);
      const asked = await ask(me, _id, 'steady');
      begun.push({ asked, seen: watch(await follow(me, asked.path)) });
      await delay(BEGIN_EVERY_MS);
    }
    await delay(Math.random() * LONGEST_LIFE_MS);
    const killedAt = performance.now();
    first.kill('SIGKILL');
    await first.exited;

    const second = await start();
    const readyAt = performance.now();
    const again = new ApiClient(second.url, me.token);
    // From now on the provider has no patience left.
    scripted.provider.script('steady', async (exchange) => {
      await exchange.say(exchange.rest(STEADY_TEXT));
      await exchange.finish();
    });
    const lengths = await Promise.all(
      begun.map(async ({ asked: { path }, seen }) => {
        const { events, ended } = await readAll(again, path);
        expect(performance.now() - readyAt).toBeLessThan(REAPED_WITHIN_MS);
        expect(ended).toMatchObject({ status: 'interrupted', error: { status: 503 } });
        expect(joined(events)).toBe(ended.content);
        expect(STEADY_TEXT.startsWith(ended.content)).toBe(true);
        const promised = (await seen)
          .filter(({ at }) => at < killedAt - LOSS_MS)
          .reduce((length, { text }) => length + text.length, 0);
        expect(ended.content.length).toBeGreaterThanOrEqual(promised);
        return promised;
      }),
    );
    // The replies were indeed at different points, most of them in the middle.
    expect(new Set(lengths).size).toBeGreaterThan(REPLIES / 2);

    for (const { asked } of begun) {
      expect((await again.call('POST', `${asked.path}/continue`)).status).toBe(200);
      expect((await readAll(again, asked.path)).ended).toMatchObject({
        _id: asked.reply._id,
        status: 'complete',
        content: STEADY_TEXT,
      });
    }
    second.kill('SIGTERM');
    expect(await second.exited).toMatchObject({ code: 0 });
  });

  it('by SIGTERM ends them as interrupted with everything, and tells the readers', async () => {
    scripted.provider.script('own', async (exchange) => {
      if (isForTitle(exchange)) return exchange.finish();
      for (const word of STEADY_TEXT.split(/(?<= )/)) {
        await exchange.say(word);
        await exchange.pause(20);
      }
      await exchange.finish();
    });
    const first = await start();
    const me = await new ApiClient(first.url).signIn('alice', 'alicepass123');
    const { _id } = await me.createSession('a title');
    const { reply, path } = await ask(me, _id, 'own');
    const reader = await follow(me, path);
    await reader.until(() => joinedOf(reader).length > 100);
    first.kill('SIGTERM');
    const events = await reader.toEnd();
    expect(await first.exited).toMatchObject({ code: 0 });
    const ended = endOf(events);
    expect(events.at(-1)?.event).toBe('error');
    expect(ended).toMatchObject({ _id: reply._id, status: 'interrupted' });
    expect(joined(events)).toBe(ended.content);
    const second = await start();
    expect(await stored(new ApiClient(second.url, me.token), reply)).toMatchObject(ended);
    second.kill('SIGTERM');
    await second.exited;
  });
});

/** Everything a reader sees, with when it saw it, until the connection is gone. */
async function watch(reader: EventReader): Promise<{ text: string; at: number }[]> {
  const seen: { text: string; at: number }[] = [];
  try {
    for (;;) {
      const event = await reader.next();
      if (event === undefined) return seen;
      if ('text' in event.data) seen.push({ text: event.data.text, at: performance.now() });
    }
  } catch {
    // Cut by the death of the server.
    return seen;
  }
}
