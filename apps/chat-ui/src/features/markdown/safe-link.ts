/** What a link may open. Everything else (`javascript:`, `data:`, paths of this page) stays text. */
const LINK_PROTOCOLS: readonly string[] = ['http:', 'https:', 'mailto:'];
const IMAGE_PROTOCOLS: readonly string[] = ['http:', 'https:'];

/**
 * The address that a link in untrusted text may open.
 *
 * @returns the address as the browser reads it, so that what was checked is what is opened; null
 * where it is none that a person should be led to.
 */
export function safeLink(address: string): string | null {
  return parseAddress(address, LINK_PROTOCOLS)?.href ?? null;
}

/** Where an image lies, for a link to it; null where it is not on the web. */
export function imageAddress(address: string): { href: string; host: string } | null {
  const url = parseAddress(address, IMAGE_PROTOCOLS);
  return url ? { href: url.href, host: url.host } : null;
}

function parseAddress(address: string, protocols: readonly string[]): URL | null {
  try {
    // Without a base: a relative address would lead into this page, which the text knows nothing of.
    const url = new URL(address);
    return protocols.includes(url.protocol) ? url : null;
  } catch {
    return null;
  }
}
