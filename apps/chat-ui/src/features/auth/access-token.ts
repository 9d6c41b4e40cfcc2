import type { TokenResponse, User } from '@chat/shared-types';
import { ApiError } from '../../app/api-error.js';
import { installTokenSource } from '../../app/http-client.js';
import { authApi } from './auth.api.js';

/** Renewed this long before it expires, so that no request meets a 401 in the normal course. */
const RENEW_EARLY_MS = 30_000;

/** A refresh token used twice ends the login, so the tabs of one browser take turns. */
const REFRESH_LOCK = 'chat.refresh';

/** What a renewal brought. */
interface Renewed {
  token: string;
  user: User;
}

/** In memory alone: nothing that another script or a later visitor could read. */
let token: string | null = null;
let renewAt = 0;
let renewal: Promise<Renewed | null> | undefined;
let onEnded: () => void = () => undefined;

/** Takes a fresh token from a login or a refresh. */
export function holdToken(response: TokenResponse): void {
  token = response.access_token;
  // A token that lives shorter than the margin is used for half its life.
  const life = response.expires_in * 1000;
  renewAt = Date.now() + Math.max(life - RENEW_EARLY_MS, life / 2);
}

export function dropToken(): void {
  token = null;
  renewal = undefined;
}

/**
 * Makes requests carry the token.
 *
 * @param ended called when a renewal is refused: the login has expired or was revoked.
 */
export function provideAccessToken(ended: () => void): void {
  onEnded = ended;
  installTokenSource({
    current: async () => (token !== null && Date.now() >= renewAt ? renewToken() : token),
    renew: async (refused) => (token !== null && token !== refused ? token : renewToken()),
  });
}

/**
 * Trades the refresh cookie for a new token. Calls that come while one is under way share its
 * answer.
 *
 * @returns null where the cookie is missing, expired or revoked.
 * @throws {UnreachableError} and other {@link ApiError}s: the login may still be good.
 */
async function renewToken(): Promise<string | null> {
  return (await renew())?.token ?? null;
}

/**
 * The same, for who does not know yet whom the cookie belongs to.
 *
 * @throws {UnreachableError} and other {@link ApiError}s: the login may still be good.
 */
export async function findOutUser(): Promise<User | null> {
  return (await renew())?.user ?? null;
}

function renew(): Promise<Renewed | null> {
  renewal ??= inTurn(requestToken).finally(() => {
    renewal = undefined;
  });
  return renewal;
}

async function requestToken(): Promise<Renewed | null> {
  try {
    const answer = await authApi.refresh();
    holdToken(answer);
    return { token: answer.access_token, user: answer.user };
  } catch (error) {
    if (!(error instanceof ApiError) || error.status !== 401) throw error;
    const hadToken = token !== null;
    dropToken();
    if (hadToken) onEnded();
    return null;
  }
}

function inTurn<T>(task: () => Promise<T>): Promise<T> {
  // Without a secure context there are no locks; then a second tab may have to sign in again.
  if (!('locks' in navigator)) return task();
  return navigator.locks.request(REFRESH_LOCK, task) as Promise<T>;
}
