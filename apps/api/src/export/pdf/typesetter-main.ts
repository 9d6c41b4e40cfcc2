import type { PrintedDocument, PrintedTurn } from './blocks.js';
import { PdfCompiler } from './compiler.js';
import { toBlocks } from './markdown-blocks.js';
import { printable } from './printable.js';
import type { FromTypesetter, ToTypesetter, TurnToPrint } from './protocol.js';
import { scriptOf } from './script.js';

/** The program of the process that typesets. It reads its messages and its fonts, nothing else. */
const compiler = new PdfCompiler();
let head: Omit<PrintedDocument, 'turns'> | undefined;
let turns: PrintedTurn[] = [];

function printed({ role, who, details, branch, content }: TurnToPrint): PrintedTurn {
  return {
    who: printable(who),
    details: printable(details),
    mine: role === 'user',
    ...(branch === undefined ? {} : { branch }),
    blocks: toBlocks(content),
  };
}

function finish(): FromTypesetter {
  if (head === undefined) return { kind: 'failed', reason: 'Nothing was begun' };
  const document = { ...head, turns };
  head = undefined;
  turns = [];
  try {
    return { kind: 'pdf', bytes: compiler.compile(document) };
  } catch (error) {
    return { kind: 'failed', reason: String(error) };
  }
}

process.on('message', (message: ToTypesetter) => {
  switch (message.kind) {
    case 'begin': {
      const title = printable(message.title);
      const instructions = message.instructions === null ? [] : toBlocks(message.instructions);
      head = { title, script: scriptOf(title), begun: message.begun, instructions };
      turns = [];
      break;
    }
    case 'turns':
      turns.push(...message.turns.map(printed));
      break;
    case 'end':
      process.send?.(finish());
      break;
  }
});
// The process that asked is gone, however it ended.
process.on('disconnect', () => process.exit());
