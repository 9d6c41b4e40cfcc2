import { listOf, objectOf, textOf, type JsonObject } from '../reading/json-value.js';
import { importKey } from './import-key.js';
import type { MappedConversation, MappingContext } from './mapped-conversation.js';
import { arrange, type LooseMessage } from './message-forest.js';
import { inMessages } from './message-parts.js';
import { ConversationRefused, Remarks } from './remarks.js';
import { modelId, named, systemPromptOf, titleOf } from './texts.js';
import { Times } from './times.js';

/** What the first messages of a conversation name as what they follow. */
const ROOT = '00000000-0000-0000-0000-000000000000';
/** How LibreChat calls providers, and how this product does. */
const PROVIDERS: Readonly<Record<string, string>> = {
  openai: 'openai',
  azureopenai: 'azure',
  anthropic: 'anthropic',
  google: 'google',
  assistants: 'openai',
};

/**
 * A conversation of LibreChat, its messages in a list or inside each other.
 *
 * @throws ConversationRefused where it holds nothing that can be read.
 */
export function mapLibreChat(value: JsonObject, { now }: MappingContext): MappedConversation {
  const remarks = new Remarks();
  const times = new Times(now, remarks);
  const options = objectOf(value.options) ?? {};
  const endpoint = textOf(value.endpoint) ?? textOf(options.endpoint) ?? '';
  const provider =
    PROVIDERS[endpoint.toLowerCase()] ?? (endpoint.replace(/\s+/g, '-') || 'librechat');
  const loose = flattened(value.messages).flatMap(({ row, parentId, id }) =>
    inMessages(looseMessage(id, parentId, row, provider, times, remarks), remarks),
  );
  const started = times.read(value.createdAt);
  const { messages } = arrange(loose, started ?? now, remarks);
  if (messages.length === 0) {
    throw new ConversationRefused('skipped', 'It holds no message that can be read.');
  }
  const createdAt = started ?? messages[0]?.created_at ?? now;
  return {
    importKey: importKey('librechat', value.conversationId, messages),
    draft: {
      title: titleOf(value.title, messages[0]?.content, remarks),
      created_at: createdAt,
      updated_at: times.read(value.updatedAt) ?? messages.at(-1)?.created_at ?? createdAt,
      system_prompt: systemPromptOf(
        options.promptPrefix ?? options.system ?? value.promptPrefix,
        remarks,
      ),
    },
    messages,
    remarks,
  };
}

interface Row {
  readonly row: JsonObject;
  readonly id: string;
  readonly parentId: string | null;
}

/** Children behind their parents. With a list of its own: thousands may be inside each other. */
function flattened(messages: unknown): Row[] {
  const rows: Row[] = [];
  const waiting = listOf(messages).map((value) => ({ value, above: null as string | null }));
  waiting.reverse();
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const row = objectOf(next.value) ?? {};
    const id = textOf(row.messageId) ?? `#${rows.length}`;
    const named = textOf(row.parentMessageId) ?? next.above;
    rows.push({ row, id, parentId: named === ROOT ? null : named });
    for (const child of listOf(row.children).toReversed())
      waiting.push({ value: child, above: id });
  }
  return rows;
}

function looseMessage(
  id: string,
  parentId: string | null,
  row: JsonObject,
  provider: string,
  times: Times,
  remarks: Remarks,
): LooseMessage {
  const isUser = row.isCreatedByUser === true || /^user$/i.test(textOf(row.sender) ?? '');
  const { text, reasoning } = contentOf(row, remarks);
  const hidden = text === '' && reasoning === null;
  if (hidden) remarks.add('unreadable');
  return {
    id,
    parentId,
    role: isUser ? 'user' : 'assistant',
    content: text,
    createdAt: hidden ? undefined : times.read(row.createdAt),
    status: !isUser && row.unfinished === true ? 'stopped' : 'complete',
    model: isUser ? null : modelId(provider, row.model),
    reasoning: isUser ? null : reasoning,
    hidden,
  };
}

function contentOf(row: JsonObject, remarks: Remarks): { text: string; reasoning: string | null } {
  const texts: string[] = [];
  const thoughts: string[] = [];
  for (const value of listOf(row.content)) {
    const part = objectOf(value) ?? {};
    if (part.type === 'think') thoughts.push(partText(part.think));
    else texts.push(textOfPart(part, remarks));
  }
  const said = texts.some((text) => text.trim() !== '') ? texts : [textOf(row.text) ?? ''];
  const files = listOf(row.files).map((file) => {
    remarks.add('files');
    return `[file: ${named(objectOf(file)?.filename, 'unnamed')}]`;
  });
  const reasoning = thoughts.filter((text) => text !== '').join('\n\n');
  return {
    text: [...said, ...files].filter((text) => text.trim() !== '').join('\n\n'),
    reasoning: reasoning === '' ? null : reasoning,
  };
}

function textOfPart(part: JsonObject, remarks: Remarks): string {
  switch (part.type) {
    case 'text':
    case undefined:
      return partText(part.text);
    case 'tool_call':
      remarks.add('tools');
      return `[tool: ${named(objectOf(part.tool_call)?.name, 'unnamed')}]`;
    case 'image_file':
    case 'image_url':
      remarks.add('images');
      return '[image]';
    case 'error':
      return partText(part.error ?? part.text);
    default:
      remarks.add('unknownTypes');
      return '';
  }
}

/** A text, or an object around it. */
function partText(value: unknown): string {
  return textOf(value) ?? textOf(objectOf(value)?.value) ?? '';
}
