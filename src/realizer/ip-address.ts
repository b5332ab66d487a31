import { isIPv4, isIPv6 } from 'node:net';

/** An address of the network as a number. */
export interface IpAddress {
  readonly bits: 32 | 128;
  readonly value: bigint;
}

/** Addresses whose first bits are the same. */
export interface IpRange {
  readonly first: IpAddress;
  /** How many bits are the same. */
  readonly prefix: number;
}

/** An address as it stands in URLs (without brackets) and in answers of a resolver, where it may have a zone; undefined where the text is none. */
export function parseIpAddress(text: string): IpAddress | undefined {
  const plain = text.replace(/%.*$/, '');
  if (isIPv4(plain)) return { bits: 32, value: valueOfIpv4(plain) };
  return isIPv6(plain) ? { bits: 128, value: valueOfIpv6(plain) } : undefined;
}

/** Such as `10.0.0.0/8` or `fd00::/8`; an address alone is a range of one. Undefined where the text is none. */
export function parseIpRange(text: string): IpRange | undefined {
  const [, address = '', length] = /^([^/%]+)(?:\/(\d{1,3}))?$/.exec(text) ?? [];
  const first = parseIpAddress(address);
  if (first === undefined) return undefined;
  const prefix = length === undefined ? first.bits : Number(length);
  return prefix <= first.bits ? { first, prefix } : undefined;
}

export function isWithin(address: IpAddress, { first, prefix }: IpRange): boolean {
  if (address.bits !== first.bits) return false;
  const rest = BigInt(first.bits - prefix);
  return address.value >> rest === first.value >> rest;
}

/** The IPv4 address in the last bits of an IPv6 address. */
export function lastFourBytes({ value }: IpAddress): IpAddress {
  return { bits: 32, value: value & 0xffff_ffffn };
}

function valueOfIpv4(text: string): bigint {
  return text.split('.').reduce((value, byte) => (value << 8n) | BigInt(byte), 0n);
}

function valueOfIpv6(text: string): bigint {
  const hexadecimal = text.replace(/[^:]*\.[^:]*$/, (dotted) => {
    const value = valueOfIpv4(dotted);
    return `${(value >> 16n).toString(16)}:${(value & 0xffffn).toString(16)}`;
  });
  const [left = [], right = []] = hexadecimal.split('::').map((half) => half.split(':').filter(Boolean));
  const zeros = Array.from({ length: 8 - left.length - right.length }, () => '0');
  return [...left, ...zeros, ...right].reduce((value, group) => (value << 16n) | BigInt(`0x${group}`), 0n);
}
