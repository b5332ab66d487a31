import { type IpAddress, type IpRange, isWithin, lastFourBytes, parseIpRange } from './ip-address.ts';

/** What is not of the public network, by IANA's registries of special-purpose addresses, and what clouds have put beside these. */
const special: readonly (readonly [range: string, kind: string])[] = [
  ['0.0.0.0/8', 'an unspecified address'],
  ['10.0.0.0/8', 'a private address'],
  ['100.64.0.0/10', "an address of a provider's own network"],
  ['127.0.0.0/8', 'an address of this machine'],
  ['168.63.129.16', 'an address of a cloud for its own machines'],
  ['169.254.0.0/16', 'a link-local address, as those where clouds tell secrets to their machines'],
  ['172.16.0.0/12', 'a private address'],
  ['192.0.0.0/24', 'a reserved address'],
  ['192.0.2.0/24', 'an address for documentation'],
  ['192.88.99.0/24', 'a reserved address'],
  ['192.168.0.0/16', 'a private address'],
  ['198.18.0.0/15', 'an address for benchmarks'],
  ['198.51.100.0/24', 'an address for documentation'],
  ['203.0.113.0/24', 'an address for documentation'],
  ['224.0.0.0/4', 'a multicast address'],
  ['255.255.255.255', 'the broadcast address'],
  ['240.0.0.0/4', 'a reserved address'],
  ['::', 'an unspecified address'],
  ['::1', 'an address of this machine'],
  ['fc00::/7', 'a private address'],
  ['fe80::/10', 'a link-local address'],
  ['fec0::/10', 'a private address'],
  ['ff00::/8', 'a multicast address'],
  ['2001::/23', 'a reserved address'],
  ['2001:db8::/32', 'an address for documentation'],
  ['2002::/16', 'an address of a tunnel'],
  ['3fff::/20', 'an address for documentation'],
];

const ranges = special.map(([range, kind]) => ({ range: rangeOf(range), kind }));

/** An IPv4 address in the clothes of an IPv6 address, by which the IPv4 address is reached: mapped, and translated by the network. */
const embedded = [rangeOf('::ffff:0.0.0.0/96'), rangeOf('64:ff9b::/96')];

/** All that is given out for the public network of IPv6 so far. */
const allocated = rangeOf('2000::/3');

/** What kind of address it is, where it is none of the public network. */
export function whyNotPublic(address: IpAddress): string | undefined {
  if (embedded.some((range) => isWithin(address, range))) return whyNotPublic(lastFourBytes(address));
  const found = ranges.find(({ range }) => isWithin(address, range));
  if (found !== undefined) return found.kind;
  return address.bits === 32 || isWithin(address, allocated) ? undefined : 'a reserved address';
}

function rangeOf(text: string): IpRange {
  const range = parseIpRange(text);
  if (range === undefined) throw new Error(`${text} is no range of addresses`);
  return range;
}
