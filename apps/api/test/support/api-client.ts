import type {
  ChatSession,
  FieldProblem,
  ListedMessage,
  Message,
  Problem,
  TokenResponse,
  User,
} from '@chat/shared-types';

export interface Answer<T = unknown> {
  readonly status: number;
  readonly headers: Headers;
  /** The parsed JSON; the text where it is none; undefined where there is nothing. */
  readonly body: T;
}

export interface CallOptions {
  /** Sent as JSON. */
  readonly json?: unknown;
  /** Sent as it is. */
  readonly raw?: string | Uint8Array<ArrayBuffer> | URLSearchParams;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface EveryPage<T> {
  readonly rows: T[];
  readonly pages: number;
}

export const PASSWORD = 'correct horse battery staple';

/** One person's view of the API over real HTTP. Never throws for a status. */
export class ApiClient {
  constructor(
    readonly url: string,
    readonly token?: string,
    readonly username?: string,
  ) {}

  async call<T = unknown>(
    method: string,
    path: string,
    options: CallOptions = {},
  ): Promise<Answer<T>> {
    const response = await fetch(`${this.url}${path}`, {
      method,
      redirect: 'manual',
      headers: {
        ...(this.token === undefined ? {} : { authorization: `Bearer ${this.token}` }),
        ...(options.json === undefined ? {} : { 'content-type': 'application/json' }),
        ...options.headers,
      },
      ...(options.json === undefined ? {} : { body: JSON.stringify(options.json) }),
      ...(options.raw === undefined ? {} : { body: options.raw }),
    });
    const text = await response.text();
    return { status: response.status, headers: response.headers, body: parse(text) as T };
  }

  /** Registers and signs in. */
  async register(username: string, password = PASSWORD): Promise<ApiClient> {
    const registered = await this.call<User>('POST', '/auths/register', {
      json: { username, password },
    });
    expect(registered.status).toBe(201);
    return this.signIn(username, password);
  }

  async signIn(username: string, password = PASSWORD): Promise<ApiClient> {
    const { status, body } = await this.login(username, password);
    expect(status).toBe(200);
    return new ApiClient(this.url, body.access_token, username);
  }

  login(
    username: string,
    password: string,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<Answer<TokenResponse>> {
    const raw = new URLSearchParams({ username, password });
    return this.call<TokenResponse>('POST', '/auths/login', { raw, headers });
  }

  async createSession(title?: string): Promise<ChatSession> {
    const answer = await this.call<ChatSession>('POST', '/chat/sessions', { json: { title } });
    expect(answer.status).toBe(201);
    return answer.body;
  }

  async getSession(id: string): Promise<ChatSession> {
    const answer = await this.call<ChatSession>('GET', `/chat/sessions/${id}`);
    expect(answer.status).toBe(200);
    return answer.body;
  }

  async send(sessionId: string, content: string): Promise<Message> {
    const answer = await this.trySend(sessionId, content);
    expect(answer.status).toBe(201);
    return answer.body;
  }

  trySend(
    sessionId: string,
    content: string,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<Answer<Message>> {
    return this.call('POST', `/chat/sessions/${sessionId}/messages`, {
      json: { content },
      headers,
    });
  }

  async messages(sessionId: string, query = ''): Promise<ListedMessage[]> {
    const answer = await this.call<ListedMessage[]>(
      'GET',
      `/chat/sessions/${sessionId}/messages${query}`,
    );
    expect(answer.status).toBe(200);
    return answer.body;
  }

  /** Follows `Link` from page to page and joins them. */
  async everyPage<T>(path: string): Promise<EveryPage<T>> {
    const rows: T[] = [];
    let pages = 0;
    for (let next: string | undefined = path; next !== undefined; pages += 1) {
      const answer: Answer<T[]> = await this.call<T[]>('GET', next);
      expect(answer.status).toBe(200);
      rows.push(...answer.body);
      next = nextPage(answer);
    }
    return { rows, pages };
  }
}

/** A message as lists answer it where it has no other version. */
export function listed(message: Message): ListedMessage {
  return { ...message, siblings: [message._id] };
}

/** Path and query of the next page, from the `Link` header (RFC 8288). */
export function nextPage(answer: Answer): string | undefined {
  const link = answer.headers.get('link');
  if (link === null) return undefined;
  const target = /^<([^>]*)>; rel="next"$/.exec(link)?.[1];
  if (target === undefined) throw new Error(`Not a link to a next page: ${link}`);
  const url = new URL(target, 'http://base.invalid');
  return `${url.pathname}${url.search}`;
}

/** Asserts an RFC 9457 answer that tells nothing of the inside, and returns it. */
export function expectProblem(answer: Answer, status: number, code: string): Problem {
  expect({ status: answer.status, body: answer.body }).toMatchObject({
    status,
    body: {
      type: `/problems/${code}`,
      status,
      title: expect.stringMatching(/./) as string,
      detail: expect.stringMatching(/./) as string,
      instance: expect.stringMatching(/^\//) as string,
    },
  });
  expect(answer.headers.get('content-type')).toMatch(/^application\/problem\+json\b/);
  expect(JSON.stringify(answer.body)).not.toMatch(
    /node_modules|\.[jt]s\b|\bat \w+ \(|mongo|fastify|nestjs|E11000|class-validator|ObjectId/i,
  );
  return answer.body as Problem;
}

/** The fields at fault of a 400. */
export function expectInvalid(answer: Answer, ...pointers: string[]): FieldProblem[] {
  const { errors = [] } = expectProblem(answer, 400, 'invalid-request');
  expect(errors.map(({ pointer }) => pointer).sort()).toEqual([...pointers].sort());
  return errors;
}

function parse(text: string): unknown {
  if (text === '') return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
