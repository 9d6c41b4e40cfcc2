import { isIPv6 } from 'node:net';

const IPV4_IN_IPV6 = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i;
/** Groups of 16 bits that name a network; the other four are its subscriber's to choose. */
const NETWORK_GROUPS = 4;
const GROUPS = 8;

/**
 * What counts as one client: an IPv4 address, or the /64 network of an IPv6 address, since one
 * subscriber has 2^64 addresses in it (RFC 6177). Anything else is returned as it is.
 */
export function addressBlock(address: string): string {
  const embedded = IPV4_IN_IPV6.exec(address)?.[1];
  if (embedded !== undefined) return embedded;
  const bare = address.split('%')[0] ?? address;
  if (!isIPv6(bare)) return address;
  const [head = '', tail] = bare.toLowerCase().split('::');
  const before = groups(head);
  const after = tail === undefined ? [] : groups(tail);
  const zeros = Array<string>(Math.max(0, GROUPS - before.length - after.length)).fill('0');
  const network = [...before, ...zeros, ...after].slice(0, NETWORK_GROUPS);
  return `${network.map((group) => group.replace(/^0+(?=.)/, '')).join(':')}::/64`;
}

function groups(text: string): string[] {
  return text === '' ? [] : text.split(':');
}
