/** Where a realizer is reached: over TCP, with TLS or without, or at a socket of this machine. */
export type RealizerAddress =
  | { readonly kind: 'tcp'; readonly secure: boolean; readonly host: string; readonly port: number }
  | { readonly kind: 'unix'; readonly path: string };

/** The port that goes without saying. */
export const realizerPort = 8980;

/** `https://host:8980`, `http://[::1]:8980`, or `unix:/path`; undefined where a text is none of them. */
export function parseRealizerAddress(text: string): RealizerAddress | undefined {
  const [, socket] = /^unix:(\/.*[^/])$/.exec(text) ?? [];
  if (socket !== undefined) return socket.includes('\0') ? undefined : { kind: 'unix', path: socket };
  const [, scheme, rest = ''] = /^(https?):\/\/([^/?#@\s]+)\/?$/.exec(text) ?? [];
  // As of another scheme, a port is kept though it is the one of the web.
  const url = scheme === undefined ? null : URL.parse(`cab://${rest}`);
  if (url === null || url.hostname === '' || url.port === '0') return undefined;
  const port = url.port === '' ? realizerPort : Number(url.port);
  return { kind: 'tcp', secure: scheme === 'https', host: url.hostname, port };
}

/** The address as it stands in a configuration, with its port. */
export function formatRealizerAddress(address: RealizerAddress): string {
  if (address.kind === 'unix') return `unix:${address.path}`;
  return `${address.secure ? 'https' : 'http'}://${address.host}:${address.port}`;
}

/** Whether others than this machine never see what is said there. */
export function isOnThisMachine(address: RealizerAddress): boolean {
  return address.kind === 'unix' || /^(localhost|127(\.\d+){3}|\[::1\])$/.test(address.host);
}
