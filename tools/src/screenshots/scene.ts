import type { ApiClient } from '@chat/product-harness';
import { TECHNICAL_ANSWER, type ScriptedProvider } from '@chat/scripted-provider';
import type { ChatSession, SentMessage } from '@chat/shared-types';
import { readReply } from '../scripted/reply-reader.js';
import { prepareOrganisedScene, type OrganisedScene } from './organised-scene.js';

const LONG_TEXT = Array.from(
  { length: 40 },
  (_unused, i) =>
    `Paragraph ${i + 1}. A long message stays readable: it wraps where the bubble ends, keeps its line breaks, and the page itself never scrolls sideways.`,
).join('\n\n');

/** What the pictures show. */
export interface Scene extends OrganisedScene {
  /** Long texts, long words, other scripts. */
  readonly hard: ChatSession;
  readonly empty: ChatSession;
  /** A long technical answer: code, table, formulas, diagram. */
  readonly technical: ChatSession;
  /** A reply that is being written for as long as the pictures are taken. */
  readonly streaming: ChatSession;
  /** A reply with two versions, thoughts and tokens, and one that failed. */
  readonly endings: ChatSession;
}

/** The models that the scene is answered by; `held` never comes to its end. */
export const SCENE_MODELS = ['markdown', 'reasoning', 'fast', 'length', 'failing', 'held'] as const;

/** Fills an account with conversations as people have them. */
export async function prepareScene(
  user: ApiClient,
  baseUrl: string,
  provider: ScriptedProvider,
): Promise<Scene> {
  const ask = async (
    session: ChatSession,
    content: string,
    model: (typeof SCENE_MODELS)[number],
  ): Promise<SentMessage> => {
    const sent = await user.call<SentMessage>('POST', `/chat/sessions/${session._id}/messages`, {
      content,
      reply: { model: `scripted/${model}` },
    });
    if (sent.reply !== undefined && model !== 'held') {
      await readReply(baseUrl, user.token, sent.reply);
    }
    return sent;
  };
  const hard = await user.createSession('Everything that is hard to lay out');
  await user.send(hard._id, LONG_TEXT);
  await user.send(hard._id, `A word without an end: ${'supercalifragilistic'.repeat(12)}`);
  await user.send(hard._id, 'مرحبا! هذا نص يُكتب من اليمين إلى اليسار، وفيه رقم 42.', 'assistant');
  await user.send(hard._id, '<script>alert("not run")</script> & https://example.org/a?b=c#d');
  await user.send(
    hard._id,
    'const answer = 42;\n\nfunction ask() {\n  return answer;\n}',
    'assistant',
  );
  const empty = await user.createSession();
  const streaming = await user.createSession('Retrying, politely');
  provider.script('held', async (exchange) => {
    await exchange.say(TECHNICAL_ANSWER.slice(0, TECHNICAL_ANSWER.indexOf('return') + 40));
    await exchange.request.closed;
  });
  await ask(streaming, 'How do I retry a request without making things worse?', 'held');
  const endings = await user.createSession('Small questions');
  const { reply } = await ask(endings, 'Say it in one line.', 'fast');
  const again = await user.call<SentMessage>(
    'POST',
    `/chat/sessions/${endings._id}/messages/${reply?._id ?? ''}/regenerate`,
    { model: 'scripted/reasoning' },
  );
  await readReply(baseUrl, user.token, again);
  await ask(endings, 'And at length?', 'length');
  await ask(endings, 'Is anybody there?', 'failing');
  const technical = await user.createSession('Exponential back-off');
  await ask(technical, 'How long should a client wait before it tries again, and why?', 'markdown');
  const organised = await prepareOrganisedScene(user, baseUrl);
  return { ...organised, hard, empty, technical, streaming, endings };
}
