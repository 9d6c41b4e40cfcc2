import type { ChatSession, Message, MessageRole, TokenResponse } from '@chat/shared-types';

/** The few calls of the API that preparing a scene takes, as one signed-in user. */
export interface ApiClient {
  readonly token: string;
  createSession(title?: string): Promise<ChatSession>;
  send(sessionId: string, content: string, role?: MessageRole): Promise<Message>;
  /** Any other call; the body is sent as JSON. Rejects on a status of 400 or more. */
  call<T>(method: string, path: string, body?: unknown): Promise<T>;
}

/**
 * Signs in over HTTP, the demo user `alice` when nobody else is named.
 *
 * @throws where an answer is no success, with its status and body.
 */
export async function signIn(
  baseUrl: string,
  username = 'alice',
  password = 'alicepass123',
): Promise<ApiClient> {
  const answer = await request<TokenResponse>(`${baseUrl}/auths/login`, {
    method: 'POST',
    body: new URLSearchParams({ username, password }),
  });
  const token = answer.access_token;
  const call = <T>(method: string, path: string, body?: unknown): Promise<T> =>
    request<T>(`${baseUrl}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  return {
    token,
    call,
    createSession: (title) => call('POST', '/chat/sessions', title === undefined ? {} : { title }),
    send: (sessionId, content, role) =>
      call('POST', `/chat/sessions/${sessionId}/messages`, { content, role }),
  };
}

async function request<T>(url: string, init: RequestInit): Promise<T> {
  const response = await fetch(url, init);
  const text = await response.text();
  if (!response.ok) {
    throw new Error(`${init.method ?? 'GET'} ${url} answered ${response.status}: ${text}`);
  }
  return (text === '' ? undefined : JSON.parse(text)) as T;
}
