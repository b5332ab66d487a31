import { isIPv6 } from 'node:net';

/** Where a server listens. */
export type ListenAddress =
  /** The port 0 is any that is free. */
  | { readonly kind: 'tcp'; readonly host: string; readonly port: number }
  | { readonly kind: 'unix'; readonly path: string };

export type ParsedAddress =
  | { readonly ok: true; readonly value: ListenAddress }
  /** Why it is none, as a phrase. */
  | { readonly ok: false; readonly fault: string };

/** The longest path that a socket can have, in bytes. */
const longestSocketPath = 107;

/** `tcp:HOST:PORT`, with an address of IPv6 in brackets, or `unix:/PATH`. */
export function parseListenAddress(text: string): ParsedAddress {
  if (text.startsWith('unix:')) return parseSocketPath(text.slice('unix:'.length));
  const parts = /^tcp:(?:\[(?<bracketed>[^\]]+)\]|(?<plain>[^:[\]]+)):(?<port>\d{1,5})$/.exec(text)?.groups;
  if (parts === undefined)
    return { ok: false, fault: "it is neither of the form 'tcp:HOST:PORT' nor of 'unix:/PATH'" };
  const { bracketed, plain, port } = parts;
  if (bracketed !== undefined && !isIPv6(bracketed))
    return { ok: false, fault: `'${bracketed}' in brackets is no address of IPv6` };
  if (Number(port) > 65_535) return { ok: false, fault: `the port ${port} is larger than 65535` };
  return { ok: true, value: { kind: 'tcp', host: bracketed ?? (plain as string), port: Number(port) } };
}

function parseSocketPath(path: string): ParsedAddress {
  if (!path.startsWith('/'))
    return { ok: false, fault: `the path '${path}' of the socket does not begin with '/'` };
  if (Buffer.byteLength(path) > longestSocketPath)
    return {
      ok: false,
      fault: `the path of the socket is longer than the ${longestSocketPath} bytes that systems allow`,
    };
  return { ok: true, value: { kind: 'unix', path } };
}

export function formatListenAddress(address: ListenAddress): string {
  if (address.kind === 'unix') return `unix:${address.path}`;
  return `tcp:${isIPv6(address.host) ? `[${address.host}]` : address.host}:${address.port}`;
}
