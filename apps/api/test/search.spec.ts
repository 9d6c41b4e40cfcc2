import type { ChatSession, Folder, Message, SearchResult } from '@chat/shared-types';
import { Types } from 'mongoose';
import {
  expectInvalid,
  expectProblem,
  nextPage,
  type Answer,
  type ApiClient,
} from './support/api-client.js';
import { withDatabase } from './support/database.js';
import { startTestApp, type TestApp } from './support/test-app.js';

const TIMEOUT = 60_000;

describe('GET /chat/search', () => {
  let server: TestApp;
  let me: ApiClient;

  beforeAll(async () => {
    server = await startTestApp();
  }, TIMEOUT);
  beforeEach(async () => {
    me = await server.newUser();
  }, TIMEOUT);
  afterAll(() => server.stop());

  function ask(q: string, query = '', client = me): Promise<Answer<SearchResult[]>> {
    return client.call('GET', `/chat/search?q=${encodeURIComponent(q)}${query}`);
  }

  async function search(q: string, client = me): Promise<SearchResult[]> {
    const answer = await ask(q, '&limit=100', client);
    expect(answer).toMatchObject({ status: 200 });
    return answer.body;
  }

  /** The texts that were found, in their order; titles in brackets. */
  async function found(q: string): Promise<string[]> {
    return (await search(q)).map(({ type, title, snippet }) =>
      type === 'session' ? `[${title}]` : snippet,
    );
  }

  async function write(title: string, ...texts: string[]): Promise<[string, Message[]]> {
    const { _id } = await me.createSession(title);
    const messages: Message[] = [];
    for (const text of texts) messages.push(await me.send(_id, text));
    return [_id, messages];
  }

  async function update(id: string, json: object): Promise<void> {
    expect(await me.call('PUT', `/chat/sessions/${id}`, { json })).toMatchObject({ status: 200 });
  }

  it(
    'answers what the contract says, with what to mark',
    async () => {
      const [id, [message]] = await write('Whales', 'We saw a BLUE whale and two dolphins.');
      const [hit] = await search('whale blue');
      expect(hit).toEqual({
        type: 'message',
        session_id: id,
        message_id: message?._id,
        title: 'Whales',
        role: 'user',
        created_at: message?.created_at,
        score: expect.any(Number) as number,
        snippet: 'We saw a BLUE whale and two dolphins.',
        highlights: [
          [9, 13],
          [14, 19],
        ],
      });
      const session = await me.getSession(id);
      expect(await search('WHALES')).toEqual([
        {
          type: 'session',
          session_id: id,
          message_id: null,
          title: 'Whales',
          role: null,
          created_at: session.created_at,
          score: expect.any(Number) as number,
          snippet: 'Whales',
          highlights: [[0, 6]],
        },
      ]);
    },
    TIMEOUT,
  );

  it(
    'finds beginnings of words, of any length, but no middles',
    async () => {
      await write('x', 'catalogue', 'concatenate');
      for (const q of ['c', 'ca', 'cat', 'catalog', 'catalogue']) {
        expect(await found(q)).toContain('catalogue');
      }
      expect(await found('cat')).toEqual(['catalogue']);
      expect(await found('atalog')).toEqual([]);
    },
    TIMEOUT,
  );

  it(
    'finds the short words that begin so, also among more than it can ask for',
    async () => {
      const many = Array.from({ length: 11_000 }, (_, i) => `q${10_000 + i}`).join(' ');
      await write('x', 'qzzz', many);
      expect(await found('q')).toContain('qzzz');
      expect(await found('q')).toHaveLength(2);
    },
    TIMEOUT,
  );

  it(
    'finds phrases word for word, and nothing that only has the words',
    async () => {
      await write('x', 'the new york office', 'york is new', 'new yorkers');
      expect(await found('"new york"')).toEqual(['the new york office']);
      expect(await found('"new york')).toEqual(['the new york office']);
      expect(await found('"york is" "new"')).toEqual(['york is new']);
    },
    TIMEOUT,
  );

  it(
    'leaves out what is excluded, word for word',
    async () => {
      await write('x', 'apple pie', 'apple tart', 'apple pies', 'apple big old pie');
      expect(await found('apple -pie')).toEqual(['apple pies', 'apple tart']);
      expect(await found('apple -"old pie"')).toEqual(['apple pies', 'apple tart', 'apple pie']);
      expect(await found('apple -"old pie" -tart -pies')).toEqual(['apple pie']);
    },
    TIMEOUT,
  );

  it(
    'finds runs of characters of any length',
    async () => {
      await write('x', '我们打算五月去北京看长城', '东京都的塔');
      expect(await found('长城')).toEqual(['我们打算五月去北京看长城']);
      expect(await found('去北京看')).toEqual(['我们打算五月去北京看长城']);
      expect(await found('北京塔')).toEqual([]);
      expect((await found('京')).toSorted()).toEqual(
        ['我们打算五月去北京看长城', '东京都的塔'].toSorted(),
      );
      expect(await found('北京 塔')).toHaveLength(2);
    },
    TIMEOUT,
  );

  describe('ranks', () => {
    it(
      'all words before some, two before one',
      async () => {
        await write('x', 'red green blue', 'red', 'red green');
        expect(await found('red green blue')).toEqual(['red green blue', 'red green', 'red']);
      },
      TIMEOUT,
    );

    it(
      'titles before texts',
      async () => {
        await write('Pelican', 'pelican');
        await write('other', 'pelican too');
        expect(await found('pelican')).toEqual(['[Pelican]', 'pelican too', 'pelican']);
        // A title with one of two words comes behind a text with both.
        await write('both', 'pelican heron');
        expect((await found('pelican heron')).slice(0, 2)).toEqual(['pelican heron', '[Pelican]']);
      },
      TIMEOUT,
    );

    it(
      'the word before longer ones, however new',
      async () => {
        await write('x', 'sun', 'sunny', 'sunshine');
        expect(await found('sun')).toEqual(['sun', 'sunshine', 'sunny']);
        await write('y', 'sun sea', 'sunny sea');
        expect((await found('sun sea')).slice(0, 2)).toEqual(['sun sea', 'sunny sea']);
      },
      TIMEOUT,
    );

    it(
      'near words before far ones, however new',
      async () => {
        await write('x', 'salt and pepper', 'salt is white, and black is pepper', 'salt pepper');
        await write('y', 'salt came by sea long ago and pepper came by land');
        expect(await found('salt pepper')).toEqual([
          'salt pepper',
          'salt and pepper',
          'salt is white, and black is pepper',
          'salt came by sea long ago and pepper came by land',
        ]);
      },
      TIMEOUT,
    );

    it(
      'newer before older among equals',
      async () => {
        await write('x', 'first owl', 'second owl');
        await write('y', 'third owl');
        expect(await found('owl')).toEqual(['third owl', 'second owl', 'first owl']);
      },
      TIMEOUT,
    );

    it(
      'with a score that falls from one result to the next',
      async () => {
        await write('Crane', 'crane', 'cranes', 'crane heron', 'heron');
        const scores = (await search('crane heron')).map(({ score }) => score);
        expect(scores).toHaveLength(5);
        expect(scores.every((score, i) => i === 0 || score < (scores[i - 1] ?? 0))).toBe(true);
      },
      TIMEOUT,
    );
  });

  describe('by operators', () => {
    it(
      'finds what a role or a model wrote',
      async () => {
        const [id] = await write('x', 'question about owls');
        const json = { content: 'answer about owls', role: 'assistant' };
        await me.call('POST', `/chat/sessions/${id}/messages`, { json });
        expect(await found('from:user owls')).toEqual(['question about owls']);
        expect(await found('from:assistant owls')).toEqual(['answer about owls']);
        expect(await found('-from:assistant owls')).toEqual(['question about owls']);
        expect(await found('model:gpt owls')).toEqual([]);
      },
      TIMEOUT,
    );

    it.each(['builtin/guide', 'builtin', 'guide', 'GUIDE', 'gui'])(
      'finds what model:%s wrote',
      async (model) => {
        const { _id } = await me.createSession('x');
        const path = `/chat/sessions/${_id}/messages`;
        const json = { content: 'hello', reply: true };
        expect(await me.call('POST', path, { json })).toMatchObject({ status: 201 });
        await untilReplied(path);
        const hits = await search(`model:${model}`);
        expect(hits.map(({ role }) => role)).toEqual(['assistant']);
        expect(await search('model:other')).toEqual([]);
      },
      TIMEOUT,
    );

    it(
      'finds what a folder holds, at any depth, by its name',
      async () => {
        const [inside] = await write('inside', 'kiwi inside');
        const [below] = await write('below', 'kiwi below');
        await write('outside', 'kiwi outside');
        const parent = await folder('Été à Rome');
        await update(inside, { folder_id: parent._id });
        await update(below, { folder_id: (await folder('deeper', parent._id))._id });
        expect(await found('in:"ete a rome" kiwi')).toEqual(['kiwi below', 'kiwi inside']);
        expect(await found('in:DEEPER kiwi')).toEqual(['kiwi below']);
        expect(await found('-in:"ete a rome" kiwi')).toEqual(['kiwi outside']);
        expect(await found('in:nowhere kiwi')).toEqual([]);
        await update(inside, { folder_id: null });
        expect(await found('in:"ete a rome" kiwi')).toEqual(['kiwi below']);
      },
      TIMEOUT,
    );

    it(
      'finds what carries a tag, is pinned or archived',
      async () => {
        const [tagged] = await write('tagged', 'lime one');
        const [pinned] = await write('pinned', 'lime two');
        const [archived] = await write('archived', 'lime three');
        await update(tagged, { tags: ['Château', 'two words'] });
        await update(pinned, { pinned: true });
        await update(archived, { archived: true });
        expect(await found('tag:chateau lime')).toEqual(['lime one']);
        expect(await found('tag:"Two Words"')).toEqual(['lime one', '[tagged]']);
        expect(await found('is:pinned lime')).toEqual(['lime two']);
        expect(await found('is:archived lime')).toEqual(['lime three']);
        expect(await found('-is:archived lime')).toEqual(['lime two', 'lime one']);
        expect(await found('lime')).toHaveLength(3);
        await update(archived, { archived: false });
        expect(await found('is:archived lime')).toEqual([]);
      },
      TIMEOUT,
    );

    it(
      'finds what was written before a day, or on it and after',
      async () => {
        const [, messages] = await write('x', 'plum old', 'plum new');
        await withDatabase(server.databaseUri, async (connection) => {
          for (const collection of ['messages', 'search_entries']) {
            await connection
              .collection(collection)
              .updateOne(
                { _id: new Types.ObjectId(messages[0]?._id) },
                { $set: { created_at: new Date('2024-02-29T23:59:59.999Z') } },
              );
          }
        });
        expect(await found('plum before:2024-03-01')).toEqual(['plum old']);
        expect(await found('plum before:2024-02-29')).toEqual([]);
        expect(await found('plum after:2024-02-29')).toEqual(['plum new', 'plum old']);
        expect(await found('plum after:2024-03-01')).toEqual(['plum new']);
        expect(await found('plum after:2024-02-01 before:2024-03-01')).toEqual(['plum old']);
      },
      TIMEOUT,
    );

    it(
      'finds code and reactions',
      async () => {
        const [id, [first]] = await write('x', 'fig plain', 'fig\n```js\nx\n```');
        expect(await found('has:code fig')).toEqual(['fig\n```js\nx\n```']);
        expect(await found('has:reaction fig')).toEqual([]);
        const emoji = `/chat/sessions/${id}/messages/${first?._id ?? ''}/reactions/%F0%9F%91%8D`;
        expect(await me.call('PUT', emoji)).toMatchObject({ status: 200 });
        expect(await found('has:reaction')).toEqual(['fig plain']);
        expect(await me.call('DELETE', emoji)).toMatchObject({ status: 200 });
        expect(await found('has:reaction')).toEqual([]);
      },
      TIMEOUT,
    );

    it(
      'finds what is in the trash only when asked, with all of a session there',
      async () => {
        const [kept, [gone]] = await write('Kept', 'mango deleted', 'mango live');
        const [trashed] = await write('Mango session', 'mango within');
        await me.call('DELETE', `/chat/sessions/${kept}/messages/${gone?._id ?? ''}`);
        await me.call('DELETE', `/chat/sessions/${trashed}`);
        expect(await found('mango')).toEqual(['mango live']);
        expect(await found('-is:deleted mango')).toEqual(['mango live']);
        expect(await found('is:deleted mango')).toEqual([
          '[Mango session]',
          'mango within',
          'mango deleted',
        ]);
        expect(await found('is:deleted')).toEqual([
          'mango within',
          '[Mango session]',
          'mango deleted',
        ]);
        await me.call('POST', `/chat/sessions/${trashed}/restore`);
        await me.call('POST', `/chat/sessions/${kept}/messages/${gone?._id ?? ''}/restore`);
        expect(await found('is:deleted')).toEqual([]);
        expect(await found('mango')).toHaveLength(4);
      },
      TIMEOUT,
    );

    it(
      'alone lists what meets them, newest first',
      async () => {
        await write('One', 'a', 'b');
        await write('Two', 'c');
        expect(await found('after:2020-01-01')).toEqual(['c', '[Two]', 'b', 'a', '[One]']);
        expect(await found('from:user')).toEqual(['c', 'b', 'a']);
        expect(await found('after:2999-01-01')).toEqual([]);
      },
      TIMEOUT,
    );

    it(
      'takes an unknown one for words',
      async () => {
        await write('x', 'color: red', 'color blue');
        expect(await found('color:red')).toEqual(['color: red']);
      },
      TIMEOUT,
    );
  });

  it(
    'follows edits, new titles and replies at once',
    async () => {
      const [id, [message]] = await write('Old title', 'before');
      await update(id, { title: 'Fresh name' });
      const json = { content: 'afterwards' };
      await me.call('PATCH', `/chat/sessions/${id}/messages/${message?._id ?? ''}`, { json });
      expect(await found('before')).toEqual([]);
      expect(await found('old')).toEqual([]);
      expect(await found('afterwards')).toEqual(['afterwards']);
      expect(await found('fresh')).toEqual(['[Fresh name]']);
    },
    TIMEOUT,
  );

  it(
    'cuts snippets around the best place',
    async () => {
      const filler = 'lorem ipsum dolor '.repeat(60);
      await write('x', `${filler} the hidden needle 🪡 here ${filler}`);
      const [hit] = await search('needle hidden');
      expect(hit?.snippet.length).toBeLessThanOrEqual(240);
      expect(hit?.snippet).toContain('the hidden needle 🪡 here');
      expect(hit?.highlights.map(([start, end]) => hit.snippet.slice(start, end))).toEqual([
        'hidden',
        'needle',
      ]);
    },
    TIMEOUT,
  );

  it(
    'never finds what others wrote',
    async () => {
      await write('Secret plan', 'secret text', 'secrets');
      const other = await server.newUser();
      for (const q of ['secret', '"secret text"', 'from:user', 'is:deleted', 's', '-x']) {
        expect(await search(q, other)).toEqual([]);
      }
      expect(await found('secret')).toHaveLength(3);
    },
    TIMEOUT,
  );

  describe('in pages', () => {
    async function walk(q: string, between = (): Promise<unknown> => Promise.resolve()) {
      const rows: SearchResult[] = [];
      let next: string | undefined = `/chat/search?q=${encodeURIComponent(q)}&limit=3`;
      while (next !== undefined) {
        const answer: Answer<SearchResult[]> = await me.call('GET', next);
        expect(answer.status).toBe(200);
        expect(answer.body.length).toBeLessThanOrEqual(3);
        rows.push(...answer.body);
        next = nextPage(answer);
        await between();
      }
      return rows.map(({ session_id, message_id }) => message_id ?? session_id);
    }

    it(
      'holds everything once, in the same order as one long page',
      async () => {
        await write('bee one', 'bee wasp', 'bees', 'bee x x wasp', 'wasp', 'wasps bee', 'bee');
        await write('wasp bee', 'bee and wasp', 'beehive wasp', 'nothing');
        for (const q of ['bee wasp', 'bee', 'b', '"bee" wasp', 'from:user', 'after:2020-01-01']) {
          const all = (await search(q)).map(
            ({ session_id, message_id }) => message_id ?? session_id,
          );
          expect(all.length).toBeGreaterThan(4);
          expect(await walk(q)).toEqual(all);
        }
      },
      TIMEOUT,
    );

    it(
      'loses and repeats nothing while messages are added and changed',
      async () => {
        const [id] = await write(
          'x',
          ...Array.from({ length: 14 }, (_, i) => `ant ${'y '.repeat(i)}bug`),
        );
        for (const q of ['ant', 'ant bug', 'an']) {
          const before = (await search(q)).map(({ message_id }) => message_id);
          const walked = await walk(q, () => me.send(id, 'ant new bug'));
          expect(new Set(walked).size).toBe(walked.length);
          expect(before.filter((one) => !walked.includes(one ?? ''))).toEqual([]);
        }
      },
      TIMEOUT,
    );

    it(
      'refuses a cursor of another question or none at all',
      async () => {
        await write('x', 'gnat one', 'gnat two', 'gnat three');
        const link = nextPage(await ask('gnat', '&limit=1')) ?? '';
        expect((await me.call('GET', link)).status).toBe(200);
        const foreign = link.replace('q=gnat', 'q=one');
        expectInvalid(await me.call('GET', foreign), '?cursor');
        for (const cursor of [
          'x',
          'bnVsbA',
          Buffer.from('["search/x","[]"]').toString('base64url'),
        ]) {
          expectInvalid(await ask('gnat', `&cursor=${cursor}`), '?cursor');
        }
      },
      TIMEOUT,
    );
  });

  it(
    'refuses what is no question',
    async () => {
      expectInvalid(await me.call('GET', '/chat/search'), '?q');
      expectInvalid(await ask(''), '?q');
      expectInvalid(await ask('x'.repeat(10_001)), '?q');
      expectInvalid(await me.call('GET', '/chat/search?q=a&q=b'), '?q');
      expectInvalid(await ask('x', '&limit=0'), '?limit');
      expectInvalid(await ask('x', '&limit=101'), '?limit');
      const stranger = server.anonymous;
      expectProblem(await ask('x', '', stranger), 401, 'authentication-required');
    },
    TIMEOUT,
  );

  it(
    'answers hostile questions, and quickly',
    async () => {
      await write('x', 'a a a a a', '(a+)+$ [[[ $where');
      const hostile = [
        'from:user from:assistant is:pinned is:deleted in:x tag:y',
        'is:deleted -is:deleted',
        '"',
        '-"',
        '" " "',
        'in:"',
        '-',
        '---',
        ':',
        'before:2024-02-30 after:0000-00-00',
        '(a+)+$',
        '^(([a-z])+.)+[A-Z]([a-z])+$',
        '.*',
        '$where {"$gt": ""} \\u0000',
        '\u0000\ufffe',
        'a '.repeat(5_000),
        'a'.repeat(10_000),
        '"'.repeat(10_000),
        '-a '.repeat(3_000),
        'x:'.repeat(5_000),
        '漢'.repeat(3_000),
        Array.from({ length: 1_500 }, (_, i) => `w${i}`).join(' '),
      ];
      for (const q of hostile) {
        const began = Date.now();
        const path = `/chat/search?q=${encodeURIComponent(q)}`;
        const { status } = await me.call('GET', path);
        // What is longer than a request head may be, never reaches the search.
        expect([200, 400, 431]).toContain(status);
        expect(Date.now() - began).toBeLessThan(5_000);
      }
      expect(await found('a')).toHaveLength(2);
    },
    TIMEOUT,
  );

  async function folder(name: string, parent_id?: string): Promise<Folder> {
    const answer = await me.call<Folder>('POST', '/chat/folders', { json: { name, parent_id } });
    expect(answer.status).toBe(201);
    return answer.body;
  }

  async function untilReplied(path: string): Promise<void> {
    for (;;) {
      const { body } = await me.call<Message[]>('GET', path);
      if (body.every(({ status }) => status !== 'streaming')) return;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
});

describe('where nothing is indexed', () => {
  it(
    'searching is refused with what to do, and sending goes on',
    async () => {
      const server = await startTestApp({ env: { SEARCH_INDEX: 'off' } });
      try {
        const me = await server.newUser();
        const session: ChatSession = await me.createSession('x');
        await me.send(session._id, 'hello');
        const { detail } = expectProblem(
          await me.call('GET', '/chat/search?q=x'),
          503,
          'unavailable',
        );
        expect(detail).toContain('SEARCH_INDEX');
      } finally {
        await server.stop();
      }
    },
    TIMEOUT,
  );
});
