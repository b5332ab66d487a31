import { type IpAddress, type IpRange, isWithin, parseIpRange } from './ip-address.ts';

/** What programs may reach over the network, where they may use it at all. */
export type NetworkPolicy =
  /** Whatever the machine itself can: for a realizer that works for who started it. */
  | { readonly kind: 'anywhere' }
  | {
      readonly kind: 'public-only';
      /** What may be reached besides the public network. */
      readonly allow: readonly AllowedPlace[];
      /** Whether programs of the machine's own kind, which nothing but the machine's own network confines, may have it too. */
      readonly forNative: boolean;
    };

/** A name or addresses, at one port or at any. A name is believed, whatever addresses it has. */
export type AllowedPlace = { readonly port: number | undefined } & (
  { readonly kind: 'name'; readonly name: string } | { readonly kind: 'range'; readonly range: IpRange }
);

const placeForm = /^(?:\[([^\]]+)\]|([^[\]:]+))(?::(\d{1,5}))?$/;
const nameForm = /^(?!-)[a-z0-9_-]{1,63}(?:\.[a-z0-9_-]{1,63})*$/;

/** What URLs take for an odd spelling of an address. */
const endsInNumber = /(?:^|\.)(?:\d+|0x[\da-f]*)$/;

/** Such as `10.0.0.0/8`, `fd00::/8`, `git.internal`, `git.internal:3000`, `127.0.0.1:8080`, `[fd00::1]:80`; undefined where it is none. */
export function parseAllowedPlace(text: string): AllowedPlace | undefined {
  const whole = parseIpRange(text);
  if (whole !== undefined) return { kind: 'range', range: whole, port: undefined };
  const [, bracketed, plain, digits] = placeForm.exec(text) ?? [];
  const port = digits === undefined ? undefined : Number(digits);
  if (port !== undefined && (port < 1 || port > 65_535)) return undefined;
  const range = parseIpRange(bracketed ?? plain ?? '');
  if (range !== undefined) return { kind: 'range', range, port };
  const name = plain === undefined ? '' : nameOfHost(plain);
  return nameForm.test(name) && !endsInNumber.test(name) ? { kind: 'name', name, port } : undefined;
}

/** Whether the operator has named a host by its name. */
export function allowsName(allow: readonly AllowedPlace[], host: string, port: number): boolean {
  return allow.some(
    (place) => place.kind === 'name' && place.name === nameOfHost(host) && fitsPort(place, port),
  );
}

/** Whether the operator has named an address, or a range that it lies in. */
export function allowsAddress(allow: readonly AllowedPlace[], address: IpAddress, port: number): boolean {
  return allow.some(
    (place) => place.kind === 'range' && fitsPort(place, port) && isWithin(address, place.range),
  );
}

function fitsPort(place: AllowedPlace, port: number): boolean {
  return place.port === undefined || place.port === port;
}

/** One name has two spellings: with a dot at its end it is complete for certain. */
function nameOfHost(host: string): string {
  return host.toLowerCase().replace(/\.$/, '');
}
