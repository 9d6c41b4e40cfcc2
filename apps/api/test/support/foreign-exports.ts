/** Conversations as other systems export them, made by hand after the shapes that are known. */

interface ChatGptNode {
  readonly id: string;
  readonly parent: string | null;
  readonly message: object | null;
}

/** A node of `mapping` with a message of plain text. */
export function chatGptText(
  id: string,
  parent: string | null,
  role: string,
  text: string,
  more: Readonly<Record<string, unknown>> = {},
): ChatGptNode {
  return chatGptNode(id, parent, role, { content_type: 'text', parts: [text] }, more);
}

/** A node of `mapping` with content of any kind. */
export function chatGptNode(
  id: string,
  parent: string | null,
  role: string,
  content: object,
  more: Readonly<Record<string, unknown>> = {},
): ChatGptNode {
  return { id, parent, message: { id, author: { role }, content, ...more } };
}

/** A conversation with its `mapping`; what is not named is left out, as in newer exports. */
export function chatGptConversation(
  id: string,
  nodes: readonly ChatGptNode[],
  more: Readonly<Record<string, unknown>> = {},
): Record<string, unknown> {
  const mapping = Object.fromEntries(
    nodes.map((node) => [
      node.id,
      { ...node, children: nodes.filter(({ parent }) => parent === node.id).map((one) => one.id) },
    ]),
  );
  return { title: `Conversation ${id}`, conversation_id: id, mapping, ...more };
}

/** A question with two answers, of which the second is shown, and what stands around them. */
export function chatGptSample(id = 'c-1'): Record<string, unknown> {
  return chatGptConversation(
    id,
    [
      { id: 'root', parent: null, message: null },
      chatGptText('hidden', 'root', 'system', '', {
        metadata: { is_visually_hidden_from_conversation: true },
      }),
      chatGptText('q', 'hidden', 'user', 'What is a tree?', { create_time: 1_700_000_001.25 }),
      chatGptText('a1', 'q', 'assistant', 'A plant.', {
        create_time: 1_700_000_003,
        metadata: { model_slug: 'gpt-4o' },
      }),
      chatGptText('a2', 'q', 'assistant', 'A graph without cycles.', { create_time: null }),
      chatGptText('q2', 'a2', 'user', 'Thanks!', { create_time: 1_700_000_009 }),
    ],
    {
      create_time: 1_700_000_000.5,
      update_time: 1_700_000_010,
      current_node: 'q2',
      default_model_slug: 'gpt-5',
    },
  );
}

/** A conversation of Claude as a list. */
export function claudeSample(id = 'u-1'): Record<string, unknown> {
  return {
    uuid: id,
    name: 'About rivers',
    created_at: '2025-03-01T10:00:00.123456Z',
    updated_at: '2025-03-01T10:05:00.000000+00:00',
    account: { uuid: 'somebody' },
    chat_messages: [
      {
        uuid: `${id}-1`,
        sender: 'human',
        text: 'Why do rivers bend?',
        content: [{ type: 'text', text: 'Why do rivers bend?' }],
        created_at: '2025-03-01T10:00:01.000000Z',
        attachments: [{ file_name: 'notes.txt', extracted_content: 'a ``` fence' }],
        files: [{ file_name: 'map.png' }],
      },
      {
        uuid: `${id}-2`,
        sender: 'assistant',
        text: '',
        content: [
          { type: 'thinking', thinking: 'Erosion, I think.' },
          { type: 'text', text: 'Water is faster outside.' },
          { type: 'tool_use', name: 'web_search', input: { query: 'x' } },
          { type: 'tool_result', content: [{ type: 'text', text: 'long' }] },
          { type: 'text', text: 'So the bank goes.' },
        ],
        created_at: '2025-03-01T10:00:05.000000Z',
        attachments: [],
        files: [],
      },
    ],
  };
}

/** A conversation of LibreChat, flat. */
export function libreChatSample(id = 'l-1'): Record<string, unknown> {
  return {
    conversationId: id,
    title: 'About bread',
    endpoint: 'openAI',
    options: { model: 'gpt-4o', promptPrefix: 'Be short.' },
    messages: [
      {
        messageId: 'm1',
        parentMessageId: '00000000-0000-0000-0000-000000000000',
        sender: 'User',
        isCreatedByUser: true,
        text: 'How long?',
        createdAt: '2025-02-01T08:00:00.000Z',
      },
      {
        messageId: 'm2',
        parentMessageId: 'm1',
        sender: 'GPT-4o',
        isCreatedByUser: false,
        model: 'gpt-4o',
        content: [
          { type: 'think', think: 'Depends.' },
          { type: 'text', text: { value: '40 minutes.' } },
        ],
        createdAt: '2025-02-01T08:00:04.000Z',
      },
      {
        messageId: 'm3',
        parentMessageId: 'm1',
        sender: 'GPT-4o',
        isCreatedByUser: false,
        model: 'gpt-4o',
        text: '45 minutes.',
        createdAt: '2025-02-01T08:00:09.000Z',
      },
    ],
  };
}
