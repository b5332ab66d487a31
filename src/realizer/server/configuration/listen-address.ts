import path from 'node:path';

/** Where a server waits for connections. */
export type ListenAddress =
  | { readonly kind: 'tcp'; readonly host: string; readonly port: number }
  | { readonly kind: 'unix'; readonly path: string };

/** What is said of an address that is none. */
export const listenForms =
  'an address looks like "tcp:127.0.0.1:8980", "tcp:[::]:8980" or "unix:/run/cab/realizer.sock"';

/** The address that a text such as `tcp:0.0.0.0:8980` or `unix:realizer.sock` means; a relative path begins at the folder. */
export function parseListenAddress(text: string, folder: string): ListenAddress | undefined {
  const [, file] = /^unix:(.+)$/.exec(text) ?? [];
  if (file !== undefined) return { kind: 'unix', path: path.resolve(folder, file) };
  const [, bracketed, plain, digits] =
    /^tcp:(?:\[([0-9a-f:.%]+)\]|([^[\]:/\s]+)):([0-9]{1,5})$/i.exec(text) ?? [];
  const host = bracketed ?? plain;
  const port = Number(digits);
  return host === undefined || port > 65_535 ? undefined : { kind: 'tcp', host, port };
}

/** The text that is parsed to the address. */
export function formatListenAddress(address: ListenAddress): string {
  if (address.kind === 'unix') return `unix:${address.path}`;
  const host = address.host.includes(':') ? `[${address.host}]` : address.host;
  return `tcp:${host}:${address.port}`;
}

/** Whether only this machine can reach it. */
export function isOfThisMachine(address: ListenAddress): boolean {
  return address.kind === 'unix' || /^(127\.|::1$|localhost$)/.test(address.host);
}
