import { listOf, objectOf, textOf, type JsonObject } from '../reading/json-value.js';
import { importKey } from './import-key.js';
import type { MappedConversation, MappingContext } from './mapped-conversation.js';
import { arrange, type LooseMessage } from './message-forest.js';
import { inMessages } from './message-parts.js';
import { ConversationRefused, Remarks } from './remarks.js';
import { fenced, modelId, named, titleOf } from './texts.js';
import { Times } from './times.js';

const PROVIDER = 'anthropic';
/** What the first messages of a conversation name as what they follow. */
const ROOT = /^0{8}-0{4}-/;
const ROLES: Readonly<Record<string, 'user' | 'assistant'>> = {
  human: 'user',
  user: 'user',
  assistant: 'assistant',
};

/**
 * A conversation of Claude's export: a list, or, where messages name what they follow, a tree.
 *
 * @throws ConversationRefused where it holds nothing that can be read.
 */
export function mapClaude(value: JsonObject, { now }: MappingContext): MappedConversation {
  const remarks = new Remarks();
  const times = new Times(now, remarks);
  const rows = listOf(value.chat_messages).map((row) => objectOf(row) ?? {});
  const isTree = rows.some(({ parent_message_uuid }) => textOf(parent_message_uuid) !== undefined);
  let previous: string | null = null;
  const loose: LooseMessage[] = [];
  rows.forEach((row, i) => {
    const id = textOf(row.uuid) ?? `#${i}`;
    const named = isTree ? textOf(row.parent_message_uuid) : undefined;
    const follows = isTree ? (named ?? null) : previous;
    const parentId = follows !== null && ROOT.test(follows) ? null : follows;
    loose.push(...inMessages(looseMessage(id, parentId, row, value, times, remarks), remarks));
    previous = id;
  });
  const started = times.read(value.created_at);
  const { messages, shown } = arrange(loose, started ?? now, remarks);
  if (messages.length === 0) {
    throw new ConversationRefused('skipped', 'It holds no message that can be read.');
  }
  const createdAt = started ?? messages[0]?.created_at ?? now;
  const current = textOf(value.current_leaf_message_uuid);
  return {
    importKey: importKey('claude', value.uuid, messages),
    draft: {
      title: titleOf(value.name, messages[0]?.content, remarks),
      created_at: createdAt,
      updated_at: times.read(value.updated_at) ?? messages.at(-1)?.created_at ?? createdAt,
      activeId: current === undefined ? null : shown(current),
    },
    messages,
    remarks,
  };
}

function looseMessage(
  id: string,
  parentId: string | null,
  row: JsonObject,
  conversation: JsonObject,
  times: Times,
  remarks: Remarks,
): LooseMessage {
  const role = ROLES[textOf(row.sender) ?? ''];
  const { text, reasoning } = contentOf(row, remarks);
  const hidden = role === undefined || (text === '' && reasoning === null);
  if (role === undefined) remarks.add('unknownRoles');
  else if (hidden) remarks.add('unreadable');
  return {
    id,
    parentId,
    role: role ?? 'assistant',
    content: text,
    createdAt: hidden ? undefined : times.read(row.created_at),
    model: role === 'assistant' ? modelId(PROVIDER, row.model ?? conversation.model) : null,
    reasoning,
    hidden,
  };
}

function contentOf(row: JsonObject, remarks: Remarks): { text: string; reasoning: string | null } {
  const texts: string[] = [];
  const thoughts: string[] = [];
  for (const value of listOf(row.content)) {
    const block = objectOf(value) ?? {};
    if (block.type === 'thinking') thoughts.push(textOf(block.thinking) ?? '');
    else texts.push(blockText(block, remarks));
  }
  const said = texts.some((text) => text.trim() !== '') ? texts : [textOf(row.text) ?? ''];
  const all = [...said, ...attachments(row.attachments), ...files(row, remarks)];
  const reasoning = thoughts.filter((text) => text !== '').join('\n\n');
  return {
    text: all.filter((text) => text.trim() !== '').join('\n\n'),
    reasoning: reasoning === '' ? null : reasoning,
  };
}

function blockText(block: JsonObject, remarks: Remarks): string {
  switch (block.type) {
    case 'text':
    case undefined:
      return textOf(block.text) ?? '';
    case 'tool_use':
      remarks.add('tools');
      return `[tool: ${named(block.name, 'unnamed')}]`;
    case 'tool_result':
      // Long, for the model alone, and what matters of it is in the answer.
      return '';
    case 'image':
      remarks.add('images');
      return '[image]';
    default:
      if (textOf(block.text) === undefined) remarks.add('unknownTypes');
      return textOf(block.text) ?? '';
  }
}

/** What was taken out of attached files stands behind the message, quoted. */
function attachments(values: unknown): string[] {
  return listOf(values).map((value) => {
    const attachment = objectOf(value) ?? {};
    const line = `[file: ${named(attachment.file_name, 'unnamed')}]`;
    const text = textOf(attachment.extracted_content);
    return text === undefined ? line : `${line}\n\n${fenced(text)}`;
  });
}

/** Files without their text; those that are among the attachments too are named once. */
function files(row: JsonObject, remarks: Remarks): string[] {
  const attached = new Set(
    listOf(row.attachments).map((value) => textOf(objectOf(value)?.file_name)),
  );
  const names = listOf(row.files ?? row.files_v2)
    .map((value) => textOf(objectOf(value)?.file_name))
    .filter((name) => !attached.has(name));
  remarks.add('files', names.length);
  return names.map((name) => `[file: ${named(name, 'unnamed')}]`);
}
