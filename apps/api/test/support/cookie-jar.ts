import { ApiClient, PASSWORD, type Answer, type CallOptions } from './api-client.js';

/** A browser's part in staying signed in: keeps the refresh token and sends it along. */
export class CookieJar {
  private readonly client: ApiClient;

  constructor(
    private readonly url: string,
    private token?: string,
  ) {
    this.client = new ApiClient(url);
  }

  /** Empty where there is none. */
  get refreshToken(): string {
    return this.token ?? '';
  }

  /** What a thief of the current cookie would have. */
  copy(): CookieJar {
    return new CookieJar(this.url, this.token);
  }

  headers(): Record<string, string> {
    return this.token === undefined ? {} : { cookie: `refresh_token=${this.token}` };
  }

  async login(username: string, password = PASSWORD): Promise<void> {
    const answer = await this.client.login(username, password);
    expect(answer.status).toBe(200);
    this.token = refreshCookie(answer);
  }

  async post<T>(path: string, options: CallOptions = {}): Promise<Answer<T>> {
    const headers = { ...this.headers(), ...options.headers };
    const answer = await this.client.call<T>('POST', path, { ...options, headers });
    this.token = refreshCookie(answer) ?? this.token;
    return answer;
  }
}

/** The refresh token that an answer sets: empty where it removes it, undefined where it is silent. */
export function refreshCookie(answer: Answer): string | undefined {
  const cookies = answer.headers.getSetCookie();
  return cookies.flatMap((cookie) => /^refresh_token=([^;]*)/.exec(cookie)?.[1] ?? []).at(0);
}
