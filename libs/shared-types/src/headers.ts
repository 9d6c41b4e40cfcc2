/** Header names of the contract that are not in everyone's memory, in the case they are written. */
export const HEADERS = {
  /**
   * Makes a retried `POST` answer the first result instead of storing twice
   * (draft-ietf-httpapi-idempotency-key-header).
   */
  idempotencyKey: 'Idempotency-Key',
  /** `true` on an answer that repeats the stored result of an earlier request with the same key. */
  idempotencyReplayed: 'Idempotency-Replayed',
  /** The id under which the server's log holds the request; sent on every answer. */
  requestId: 'X-Request-Id',
  /** Web Linking, RFC 8288: the next page is `<…>; rel="next"`. */
  link: 'Link',
  /** Where a reader of server-sent events left off (HTML Standard, section 9.2). */
  lastEventId: 'Last-Event-ID',
} as const;
