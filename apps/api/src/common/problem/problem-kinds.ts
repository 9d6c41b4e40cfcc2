import type { ProblemCode } from '@chat/shared-types';

interface ProblemKind {
  readonly status: number;
  readonly title: string;
  /** What is said where the place that throws has nothing better to say. */
  readonly detail: string;
}

/** Status and words of every problem that the contract knows. */
export const PROBLEM_KINDS: Readonly<Record<ProblemCode, ProblemKind>> = {
  'invalid-request': {
    status: 400,
    title: 'The request is not valid',
    detail: 'Correct what is listed under "errors" and send it again.',
  },
  'invalid-credentials': {
    status: 401,
    title: 'Signing in failed',
    detail: 'The username or the password is wrong.',
  },
  'authentication-required': {
    status: 401,
    title: 'Sign in first',
    detail: 'Send an access token: "Authorization: Bearer <token>". POST /auths/login gives one.',
  },
  'session-expired': {
    status: 401,
    title: 'The login has ended',
    detail: 'Sign in again.',
  },
  forbidden: {
    status: 403,
    title: 'Not allowed',
    detail: 'This request is not allowed from here.',
  },
  'registration-closed': {
    status: 403,
    title: 'Registration is closed',
    detail: 'Ask whoever runs this server for an account.',
  },
  'not-found': {
    status: 404,
    title: 'Not found',
    detail: 'There is nothing with this id, or it was deleted, or it is not yours.',
  },
  'unknown-route': {
    status: 404,
    title: 'No such address',
    detail: 'There is nothing at this address. /docs lists what there is.',
  },
  'method-not-allowed': {
    status: 405,
    title: 'Method not allowed',
    detail: 'This address does not answer this method; the Allow header lists those it does.',
  },
  'not-acceptable': {
    status: 406,
    title: 'Not acceptable',
    detail: 'This address answers JSON only.',
  },
  'username-taken': {
    status: 409,
    title: 'The username is taken',
    detail: 'Choose another username.',
  },
  conflict: {
    status: 409,
    title: 'Something else changed at the same time',
    detail: 'Read it again and repeat the request.',
  },
  'idempotency-key-reused': {
    status: 422,
    title: 'The Idempotency-Key was used for something else',
    detail: 'Use a new key for a new request; a retry must repeat the first request exactly.',
  },
  'reply-running': {
    status: 409,
    title: 'A reply is being written',
    detail: 'Wait until the reply in this session has ended, or stop it first.',
  },
  'too-many-replies': {
    status: 429,
    title: 'Too many replies at once',
    detail: 'Wait until one of your running replies has ended, or stop one.',
  },
  'import-running': {
    status: 409,
    title: 'An import is running',
    detail: 'Wait until your running import has ended, then try again.',
  },
  'payload-too-large': {
    status: 413,
    title: 'The request is too large',
    detail: 'Send less at once.',
  },
  'unsupported-media-type': {
    status: 415,
    title: 'Unsupported media type',
    detail: 'Send the body as application/json.',
  },
  'too-many-requests': {
    status: 429,
    title: 'Too many tries',
    detail: 'Wait as long as the Retry-After header says, then try again.',
  },
  'internal-error': {
    status: 500,
    title: 'Something went wrong on the server',
    detail: 'Try again; if it stays, the log holds more under the id in the X-Request-Id header.',
  },
  unavailable: {
    status: 503,
    title: 'The server cannot answer right now',
    detail: 'The database did not answer. Try again in a moment; nothing was stored.',
  },
  'provider-unreachable': {
    status: 502,
    title: 'The model cannot be reached',
    detail:
      'The server of this model did not answer. Check that it runs and that its address in the configuration is right, then retry.',
  },
  'provider-key-refused': {
    status: 502,
    title: 'The key for the model was refused',
    detail: 'Whoever runs this server has to check the API key of this provider.',
  },
  'provider-model-missing': {
    status: 502,
    title: 'The provider has no such model',
    detail: 'Choose another model, or have its name in the configuration checked.',
  },
  'provider-rate-limited': {
    status: 429,
    title: 'The provider asks for patience',
    detail: 'Too much was asked of this model. Wait a moment, then retry.',
  },
  'provider-request-refused': {
    status: 502,
    title: 'The model refused the request',
    detail: 'The provider did not accept this conversation. Shorten it or choose another model.',
  },
  'provider-failed': {
    status: 502,
    title: 'The provider failed',
    detail: 'The provider of this model has a problem of its own. Retry in a moment.',
  },
  'provider-timeout': {
    status: 504,
    title: 'The model took too long',
    detail: 'Nothing came from the model for too long. Retry, or choose another model.',
  },
  'provider-stream-broken': {
    status: 502,
    title: 'The reply broke off',
    detail: 'The connection to the model was lost. What had arrived is kept; continue or retry.',
  },
  'reply-empty': {
    status: 502,
    title: 'The model said nothing',
    detail: 'The model ended without a word. Retry, or ask in another way.',
  },
  'reply-filtered': {
    status: 502,
    title: 'A content filter ended the reply',
    detail: 'The provider filtered this reply. Ask in another way, or choose another model.',
  },
  'reply-interrupted': {
    status: 503,
    title: 'The reply was interrupted',
    detail: 'The server that wrote this reply ended. What had arrived is kept; continue the reply.',
  },
};
