import type { FastifyReply, FastifyRequest } from 'fastify';
import '@fastify/cookie';

/** The name of the cookie. */
export const REFRESH_COOKIE = 'refresh_token';

/** 32 random bytes in base64url; anything else is not worth a look into the database. */
const TOKEN = /^[A-Za-z0-9_-]{43}$/;

/** The refresh token that the browser sent; undefined where there is none that can be one. */
export function readRefreshCookie(request: FastifyRequest): string | undefined {
  const token = request.cookies[REFRESH_COOKIE];
  return token !== undefined && TOKEN.test(token) ? token : undefined;
}

/** Hands a refresh token to the browser, out of reach of scripts, for `maxAgeSeconds`. */
export function setRefreshCookie(
  request: FastifyRequest,
  reply: FastifyReply,
  token: string,
  maxAgeSeconds: number,
): void {
  void reply.setCookie(REFRESH_COOKIE, token, { ...attributes(request), maxAge: maxAgeSeconds });
}

/** Makes the browser forget its refresh token. */
export function clearRefreshCookie(request: FastifyRequest, reply: FastifyReply): void {
  void reply.clearCookie(REFRESH_COOKIE, attributes(request));
}

/** A browser only replaces or removes a cookie that is named with the attributes it was set with. */
function attributes(request: FastifyRequest) {
  return {
    path: '/auths',
    httpOnly: true,
    sameSite: 'strict',
    // On plain http a browser would drop a secure cookie, and nobody could stay signed in.
    secure: request.protocol === 'https',
  } as const;
}
