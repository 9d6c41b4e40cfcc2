import type { JsonObject } from '../reading/json-value.js';
import { listOf, objectOf, textOf } from '../reading/json-value.js';
import { contentOf, type ReadContent } from './chatgpt-content.js';
import { importKey } from './import-key.js';
import type { MappedConversation, MappingContext } from './mapped-conversation.js';
import { arrange, type LooseMessage } from './message-forest.js';
import { inMessages } from './message-parts.js';
import { ConversationRefused, Remarks } from './remarks.js';
import { modelId, systemPromptOf, titleOf, wellFormed } from './texts.js';
import { Times } from './times.js';

const PROVIDER = 'openai';
/** Of nodes that nobody sees, so many are looked at for what was thought before an answer. */
const MOST_BEFORE_ANSWER = 50;

/** A node of `mapping`, with what it holds read. */
interface Node {
  readonly id: string;
  readonly parentId: string | null;
  readonly message: JsonObject;
  readonly role: string;
  readonly content: ReadContent;
}

/**
 * A conversation of ChatGPT's export, old or new: `mapping` is a tree of nodes, some of which nobody
 * ever sees.
 *
 * @throws ConversationRefused where it holds nothing that can be read.
 */
export function mapChatGpt(value: JsonObject, { now }: MappingContext): MappedConversation {
  const remarks = new Remarks();
  const times = new Times(now, remarks);
  const nodes = nodesOf(value.mapping, remarks);
  const defaultModel = value.default_model_slug;
  const loose = withThoughts(nodes, remarks).flatMap(([node, reasoning]) =>
    inMessages(looseMessage(node, reasoning, times, defaultModel), remarks),
  );
  const started = times.read(value.create_time);
  const { messages, shown } = arrange(loose, started ?? now, remarks);
  if (messages.length === 0) {
    throw new ConversationRefused('skipped', 'It holds no message that can be read.');
  }
  const createdAt = started ?? messages[0]?.created_at ?? now;
  const current = textOf(value.current_node);
  return {
    importKey: importKey('chatgpt', value.conversation_id ?? value.id, messages),
    draft: {
      title: titleOf(value.title, messages[0]?.content, remarks),
      created_at: createdAt,
      updated_at: times.read(value.update_time) ?? messages.at(-1)?.created_at ?? createdAt,
      system_prompt: systemPrompt(nodes, remarks),
      archived: value.is_archived === true,
      activeId: current === undefined ? null : shown(current),
    },
    messages,
    remarks,
  };
}

function nodesOf(mapping: unknown, remarks: Remarks): Node[] {
  const entries = Object.entries(objectOf(mapping) ?? {});
  const namedParents = parentsByChildren(entries);
  return entries.map(([key, value]) => {
    const node = objectOf(value) ?? {};
    const message = objectOf(node.message) ?? {};
    const author = objectOf(message.author) ?? {};
    return {
      id: key,
      parentId: textOf(node.parent) ?? namedParents.get(key) ?? null,
      message,
      role: textOf(author.role) ?? '',
      content: contentOf(message, remarks),
    };
  });
}

/** What a node follows where only the other one says so. */
function parentsByChildren(entries: readonly [string, unknown][]): Map<string, string> {
  const parents = new Map<string, string>();
  for (const [key, value] of entries) {
    for (const child of listOf(objectOf(value)?.children)) {
      if (typeof child === 'string' && !parents.has(child)) parents.set(child, key);
    }
  }
  return parents;
}

/**
 * What a model thought stands in nodes of its own before the answer, and becomes a part of the
 * answer here.
 */
function withThoughts(nodes: readonly Node[], remarks: Remarks): [Node, string | null][] {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const thought = new Set<string>();
  const rows = nodes.map((node): [Node, string | null] => {
    if (node.role !== 'assistant' || node.content.kind !== 'text') return [node, null];
    const thoughts: string[] = [];
    let at = byId.get(node.parentId ?? '');
    for (let i = 0; i < MOST_BEFORE_ANSWER && at !== undefined; i += 1) {
      if (at.content.kind === 'text') break;
      if (at.content.kind === 'thoughts' && !thoughts.includes(at.content.text)) {
        thoughts.unshift(at.content.text);
        thought.add(at.id);
      }
      at = byId.get(at.parentId ?? '');
    }
    return [node, thoughts.length === 0 ? null : thoughts.join('\n\n')];
  });
  const alone = nodes.filter(({ id, content }) => content.kind === 'thoughts' && !thought.has(id));
  remarks.add('thoughts', alone.length);
  return rows;
}

function looseMessage(
  { id, parentId, message, role, content }: Node,
  reasoning: string | null,
  times: Times,
  defaultModel: unknown,
): LooseMessage {
  const isText = content.kind === 'text';
  const isUser = role === 'user';
  const slug = objectOf(message.metadata)?.model_slug ?? defaultModel;
  return {
    id,
    parentId,
    role: isUser ? 'user' : 'assistant',
    content: isText ? content.text : '',
    createdAt: isText ? times.read(message.create_time) : undefined,
    model: isUser || role === 'tool' ? null : modelId(PROVIDER, slug),
    reasoning,
    hidden: !isText,
  };
}

/** The first instruction that stands before everything that somebody said. */
function systemPrompt(nodes: readonly Node[], remarks: Remarks): string | null {
  const texts = nodes.flatMap(({ content }) => (content.kind === 'system' ? [content.text] : []));
  remarks.add('systemMessages', texts.length - 1);
  return systemPromptOf(
    texts[0] === undefined ? undefined : wellFormed(texts[0], remarks),
    remarks,
  );
}
