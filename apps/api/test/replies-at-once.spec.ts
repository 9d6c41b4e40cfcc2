import { PROSE } from '@chat/scripted-provider';
import type { SentMessage } from '@chat/shared-types';
import { ApiClient, type Answer } from './support/api-client.js';
import { pathOf, readAll, tryAsk } from './support/replies.js';
import { isForTitle, startScripted, type Scripted } from './support/scripted-app.js';
import { startTestApp, type TestApp } from './support/test-app.js';

const ALLOWED = 24;

/** A user's running replies are counted over all processes; counting must refuse none too many. */
describe('replies of one user that begin at the same moment, through two servers', () => {
  let scripted: Scripted;
  let here: TestApp;
  let there: TestApp;

  beforeAll(async () => {
    scripted = await startScripted();
    const env = { ...scripted.env, MAX_RUNNING_REPLIES: String(ALLOWED) };
    here = await startTestApp({ env });
    there = await startTestApp({ env, databaseUri: here.databaseUri });
  });
  afterAll(async () => {
    await there.stop();
    await here.stop();
    await scripted.provider.stop();
  });

  it('all begin, as many as are allowed, and all come to their end', async () => {
    let finish: (() => void) | undefined;
    const refusalSeen = new Promise<void>((resolve) => {
      finish = resolve;
    });
    scripted.provider.script('own', async (exchange) => {
      if (isForTitle(exchange)) return exchange.finish();
      await exchange.say(PROSE);
      await refusalSeen;
      await exchange.finish();
    });
    const user = await here.newUser();
    const other = new ApiClient(there.url, user.token);
    const sessions = await Promise.all(
      Array.from({ length: ALLOWED }, (_unused, i) => user.createSession(`Session ${i}`)),
    );
    const model = 'scripted/own';
    const answers = await Promise.all(
      sessions.map(({ _id }, i) => tryAsk(i % 2 === 0 ? user : other, _id, { reply: { model } })),
    );
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 201));

    const oneTooMany = await user.createSession('One too many');
    const refused: Answer<SentMessage> = await tryAsk(other, oneTooMany._id, { reply: { model } });
    expect(refused.status).toBe(429);
    finish?.();
    const ends = await Promise.all(
      answers.map(async ({ body }) => {
        if (body.reply === undefined) throw new Error('No reply was begun.');
        return (await readAll(user, pathOf(body.reply))).ended.content;
      }),
    );
    expect(ends).toEqual(answers.map(() => PROSE));
  });
});
