import { branchLineOf, headOf, timeOf, titleOf, type Conversation } from './turn.js';

/** Plain text: who said what when; every message exactly as it was sent. */
export async function* toText({ session, turns }: Conversation): AsyncIterable<string> {
  const title = titleOf(session);
  yield `${title}\n${'='.repeat(Math.min(title.length, 72))}\n`;
  yield `Begun ${timeOf(session.created_at)}\n`;
  if (session.system_prompt !== null) yield `\nInstructions:\n${session.system_prompt}\n`;
  for await (const turn of turns) {
    if (turn.beginsAfter !== undefined) yield `\n--- ${branchLineOf(turn.beginsAfter)} ---\n`;
    const { who, details } = headOf(turn);
    yield `\n${[who, ...details].join(' · ')}\n${turn.message.content}\n`;
  }
}
