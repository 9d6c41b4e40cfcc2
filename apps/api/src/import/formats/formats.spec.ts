import fc from 'fast-check';
import { hasLength, LIMITS } from '@chat/shared-types';
import {
  chatGptConversation,
  chatGptNode,
  chatGptSample,
  chatGptText,
  claudeSample,
  libreChatSample,
} from '../../../test/support/foreign-exports.js';
import type { DraftMessage } from '../../messages/session-draft.js';
import { TreeLayout } from '../../messages/tree-layout.js';
import { mapChatGpt } from './chatgpt.js';
import { mapClaude } from './claude.js';
import { mapLibreChat } from './librechat.js';
import type { MappedConversation } from './mapped-conversation.js';
import { arrange, type LooseMessage } from './message-forest.js';
import { ConversationRefused, Remarks } from './remarks.js';

const now = new Date('2026-01-01T00:00:00.000Z');
const NODE = { content_type: 'text', parts: ['x'] };

const messagesOf = (mapped: MappedConversation): DraftMessage[] => [
  ...(mapped.messages as Iterable<DraftMessage>),
];
const outline = (mapped: MappedConversation) =>
  messagesOf(mapped).map(({ id, parentId, role, content }) => [id, parentId, role, content]);

describe("ChatGPT's export", () => {
  it('becomes the tree that people saw, without the nodes that nobody sees', () => {
    const mapped = mapChatGpt(chatGptSample(), { now });
    expect(outline(mapped)).toEqual([
      ['q', null, 'user', 'What is a tree?'],
      ['a2', 'q', 'assistant', 'A graph without cycles.'],
      ['a1', 'q', 'assistant', 'A plant.'],
      ['q2', 'a2', 'user', 'Thanks!'],
    ]);
    expect(mapped.importKey).toBe('chatgpt:c-1');
    expect(mapped.draft).toMatchObject({
      title: 'Conversation c-1',
      created_at: new Date(1_700_000_000_500),
      updated_at: new Date(1_700_000_010_000),
      activeId: 'q2',
    });
    expect(messagesOf(mapped).map(({ model }) => model)).toEqual([
      null,
      'openai/gpt-5',
      'openai/gpt-4o',
      null,
    ]);
    expect(mapped.remarks.toReason()).toBeUndefined();
  });

  it('takes what it finds where metadata, times, ids and children are missing', () => {
    const mapped = mapChatGpt(
      {
        mapping: {
          r: { children: ['q'] },
          q: { message: { author: { role: 'user' }, content: { parts: ['hello'] } } },
        },
      },
      { now },
    );
    expect(outline(mapped)).toEqual([['q', null, 'user', 'hello']]);
    expect(mapped.importKey).toMatch(/^hash:[0-9a-f]{64}$/);
    expect(mapped.draft).toMatchObject({ title: 'hello', created_at: now });
  });

  it('reads every kind of content, and says what it left out', () => {
    const mapped = mapChatGpt(
      chatGptConversation('kinds', [
        chatGptText('s', null, 'system', 'Be brief.'),
        chatGptNode('m', 's', 'user', {
          content_type: 'multimodal_text',
          parts: [
            { content_type: 'image_asset_pointer', asset_pointer: 'file-service://x' },
            'Look',
          ],
        }),
        chatGptNode('t', 'm', 'assistant', {
          content_type: 'thoughts',
          thoughts: [{ summary: 'Looking', content: 'It is a cat.' }],
        }),
        chatGptNode('r', 't', 'assistant', { content_type: 'reasoning_recap', content: '5 s' }),
        chatGptNode('c', 'r', 'assistant', {
          content_type: 'code',
          language: 'python',
          text: 'print(1)',
        }),
        chatGptNode('x', 'c', 'tool', { content_type: 'execution_output', text: '1' }),
        chatGptText('a', 'x', 'assistant', 'One.'),
        chatGptNode('n', 'a', 'assistant', { content_type: 'hologram', beams: [] }),
        chatGptText('p', 'n', 'pope', 'Hm.'),
        chatGptText('z', 'p', 'user', 'Thanks'),
      ]),
      { now },
    );
    expect(outline(mapped)).toEqual([
      ['m', null, 'user', '[image]\n\nLook'],
      ['c', 'm', 'assistant', '```python\nprint(1)\n```'],
      ['x', 'c', 'assistant', '```\n1\n```'],
      ['a', 'x', 'assistant', 'One.'],
      ['z', 'a', 'user', 'Thanks'],
    ]);
    expect(messagesOf(mapped)[1]?.reasoning).toBe('Looking\nIt is a cat.');
    expect(mapped.draft.system_prompt).toBe('Be brief.');
    expect(mapped.remarks.toReason()).toBe(
      'An image became a line of text. One use of a tool became a line of text. One message of an unknown kind was left out. One message by neither a person nor a model was left out.',
    );
  });

  it('opens circles, adopts orphans and moves times out of the future', () => {
    const mapped = mapChatGpt(
      chatGptConversation('bad', [
        chatGptNode('a', 'b', 'user', NODE),
        chatGptNode('b', 'a', 'assistant', NODE),
        chatGptNode('self', 'self', 'user', NODE),
        chatGptNode('lost', 'nowhere', 'user', NODE, { create_time: 9_999_999_999 }),
        chatGptNode('when', 'lost', 'user', NODE, { create_time: 'yesterday' }),
      ]),
      { now },
    );
    const rows = messagesOf(mapped);
    expect(rows.map(({ id }) => id).sort()).toEqual(['a', 'b', 'lost', 'self', 'when']);
    expectTree(rows);
    expect(mapped.remarks.toReason()).toMatch(
      /followed each other in a circle.*whose predecessor is missing.*in the future|in the future/,
    );
    expect(rows.find(({ id }) => id === 'lost')?.created_at.getTime()).toBeLessThanOrEqual(
      now.getTime() + 5,
    );
  });

  it('is skipped where nothing in it can be read', () => {
    for (const mapping of [{}, { r: { message: null } }, { r: null }, { r: 'x' }]) {
      expect(() => mapChatGpt({ mapping }, { now })).toThrow(ConversationRefused);
    }
  });
});

describe("Claude's export", () => {
  it('becomes a list of messages with their thoughts, tools, files and texts', () => {
    const mapped = mapClaude(claudeSample(), { now });
    expect(outline(mapped)).toEqual([
      [
        'u-1-1',
        null,
        'user',
        'Why do rivers bend?\n\n[file: notes.txt]\n\n````\na ``` fence\n````\n\n[file: map.png]',
      ],
      [
        'u-1-2',
        'u-1-1',
        'assistant',
        'Water is faster outside.\n\n[tool: web_search]\n\nSo the bank goes.',
      ],
    ]);
    expect(messagesOf(mapped)[1]).toMatchObject({
      reasoning: 'Erosion, I think.',
      created_at: new Date('2025-03-01T10:00:05.000Z'),
    });
    expect(mapped.draft).toMatchObject({
      title: 'About rivers',
      updated_at: new Date('2025-03-01T10:05:00.000Z'),
    });
    expect(mapped.remarks.toReason()).toMatch(/A file became.*One use of a tool became/);
  });

  it('becomes a tree where messages name what they follow', () => {
    const message = (uuid: string, parent: string, sender: string) => ({
      uuid,
      parent_message_uuid: parent,
      sender,
      text: uuid,
    });
    const root = '00000000-0000-4000-8000-000000000000';
    const mapped = mapClaude(
      {
        uuid: 't',
        name: '',
        chat_messages: [
          message('q1', root, 'human'),
          message('a1', 'q1', 'assistant'),
          message('q2', root, 'human'),
          message('a2', 'q2', 'assistant'),
        ],
        current_leaf_message_uuid: 'a1',
      },
      { now },
    );
    expect(outline(mapped).map(([id, parent]) => [id, parent])).toEqual(
      expect.arrayContaining([
        ['q1', null],
        ['a1', 'q1'],
        ['q2', null],
        ['a2', 'q2'],
      ]),
    );
    expect(mapped.draft).toMatchObject({ title: 'q1', activeId: 'a1' });
    expect(mapped.remarks.toReason()).toBe(
      'It had no title, so it got one from its first message.',
    );
  });

  it('leaves out messages by nobody and without text, and goes on behind them', () => {
    const mapped = mapClaude(
      {
        chat_messages: [
          { uuid: '1', sender: 'human', text: 'a' },
          { uuid: '2', sender: 'robot', text: 'b' },
          { uuid: '3', sender: 'assistant', text: '', content: [] },
          { uuid: '1', sender: 'human', text: 'again' },
          null,
          { uuid: '4', sender: 'human', text: 'c' },
        ],
      },
      { now },
    );
    expect(outline(mapped)).toEqual([
      ['1', null, 'user', 'a'],
      ['4', '1', 'user', 'c'],
    ]);
    expect(mapped.remarks.toReason()).toMatch(/left out/);
  });
});

describe("LibreChat's JSON", () => {
  it('becomes a tree from a list', () => {
    const mapped = mapLibreChat(libreChatSample(), { now });
    expect(outline(mapped)).toEqual([
      ['m1', null, 'user', 'How long?'],
      ['m2', 'm1', 'assistant', '40 minutes.'],
      ['m3', 'm1', 'assistant', '45 minutes.'],
    ]);
    expect(messagesOf(mapped)[1]).toMatchObject({ model: 'openai/gpt-4o', reasoning: 'Depends.' });
    expect(mapped).toMatchObject({
      importKey: 'librechat:l-1',
      draft: { title: 'About bread', system_prompt: 'Be short.' },
    });
  });

  it('becomes a tree from messages in each other, ten thousand levels deep', () => {
    let message: Record<string, unknown> = { messageId: 'm9999', text: 'end', children: [] };
    for (let i = 9_998; i >= 0; i -= 1) {
      message = {
        messageId: `m${i}`,
        text: `t${i}`,
        isCreatedByUser: i % 2 === 0,
        children: [message],
      };
    }
    const mapped = mapLibreChat(
      { conversationId: null, recursive: true, messages: [message] },
      { now },
    );
    const rows = messagesOf(mapped);
    expect(rows).toHaveLength(10_000);
    expect(rows.at(-1)).toMatchObject({ id: 'm9999', parentId: 'm9998' });
    expectTree(rows);
  });
});

describe('limits', () => {
  const long = (text: string) =>
    mapClaude(
      { uuid: 'l', name: 'n'.repeat(500), chat_messages: [{ uuid: '1', sender: 'human', text }] },
      { now },
    );

  it('a text that is too long for a message is divided without losing a character', () => {
    const text = `${'ü'.repeat(70_000)}\n${'😀'.repeat(70_000)}`;
    const mapped = long(text);
    const rows = messagesOf(mapped);
    expect(rows.map(({ content }) => content).join('')).toBe(text);
    expect(rows.every(({ content }) => hasLength(content, LIMITS.messageContent))).toBe(true);
    expect(rows.every(({ content }) => !/\p{Surrogate}/u.test(content))).toBe(true);
    expect(rows.at(-1)?.id).toBe('1');
    expectTree(rows);
    expect(mapped.draft.title).toBe('n'.repeat(200));
    expect(mapped.remarks.toReason()).toBe(
      'One message longer than 100,000 characters was divided into several. Its title was cut to 200 characters.',
    );
  });

  it('halves of surrogate pairs are replaced', () => {
    const mapped = long('a\ud800b');
    expect(outline(mapped)[0]?.[3]).toBe('a\ufffdb');
    expect(mapped.remarks.toReason()).toContain('surrogate');
  });
});

describe('arrange', () => {
  const id = fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f', 'g', 'h');
  const loose: fc.Arbitrary<LooseMessage> = fc.record({
    id,
    parentId: fc.oneof(id, fc.constantFrom(null, 'missing')),
    role: fc.constant('user' as const),
    content: fc.constant('x'),
    createdAt: fc.option(fc.date({ min: new Date(0), max: now, noInvalidDate: true }), {
      nil: undefined,
    }),
    hidden: fc.boolean(),
  });

  it('makes a tree of whatever it is given and loses nothing that can be seen', () => {
    fc.assert(
      fc.property(fc.array(loose, { maxLength: 12 }), (messages) => {
        const { messages: rows } = arrange(messages, now, new Remarks());
        expectTree(rows);
        const first = new Map(messages.toReversed().map((one) => [one.id, one]));
        const visible = [...first.values()].filter(({ hidden }) => hidden !== true);
        expect(rows.map((row) => row.id).sort()).toEqual(visible.map((one) => one.id).sort());
      }),
    );
  });

  it('keeps who follows whom where the file is right, over hidden ones too', () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ up: fc.nat(20), hidden: fc.boolean() }), { maxLength: 30 }),
        (shape) => {
          const messages = shape.map(({ up, hidden }, i): LooseMessage => ({
            id: `${i}`,
            parentId: up >= i ? null : `${i - 1 - up}`,
            role: 'user',
            content: 'x',
            createdAt: undefined,
            hidden,
          }));
          const visible = (at: string | null): string | null => {
            if (at === null || !shape[Number(at)]!.hidden) return at;
            return visible(messages[Number(at)]!.parentId);
          };
          for (const { id: own, parentId } of arrange(messages, now, new Remarks()).messages) {
            expect(parentId).toBe(visible(messages[Number(own)]!.parentId));
          }
        },
      ),
    );
  });
});

/** As the database wants them: parents first, each later than its parent. */
function expectTree(rows: readonly DraftMessage[]): void {
  const layout = new TreeLayout();
  const times = new Map<string, number>();
  for (const row of rows) {
    const parent = row.parentId === null ? undefined : times.get(row.parentId);
    expect(row.created_at.getTime()).toBeGreaterThan(parent ?? -1);
    times.set(row.id, row.created_at.getTime());
    expect(layout.place(row).created_at).toEqual(row.created_at);
  }
}
