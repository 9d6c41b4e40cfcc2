/** What a browser says about the page that makes a request. */
export interface RequestOrigin {
  /** The `Sec-Fetch-Site` header (W3C Fetch Metadata). */
  readonly site: string | undefined;
  /** The `Origin` header (RFC 6454). */
  readonly origin: string | undefined;
  /** The host, with its port, that the request was sent to. */
  readonly host: string;
}

/**
 * Whether a page of another origin made the request. Clients that are no browsers send neither
 * header and carry nobody's cookies by accident; they are not foreign.
 *
 * `Sec-Fetch-Site` decides where a browser sends it, because proxies rewrite hosts and scripts
 * cannot forge it. Over plain http to anything but localhost browsers leave it out; there the
 * host of `Origin` must be ours.
 */
export function isForeign({ site, origin, host }: RequestOrigin): boolean {
  if (site === 'same-origin' || site === 'none') return false;
  if (site !== undefined) return true;
  if (origin === undefined) return false;
  return !URL.canParse(origin) || new URL(origin).host !== withoutDefaultPort(origin, host);
}

/** `URL.host` leaves out the default port of its scheme; a Host header may name it. */
function withoutDefaultPort(origin: string, host: string): string {
  const address = `${new URL(origin).protocol}//${host}`;
  return URL.canParse(address) ? new URL(address).host : '';
}
