import { type LookupAddress, type LookupOptions, lookup } from 'node:dns';
import type { LookupFunction } from 'node:net';
import { networkInterfaces } from 'node:os';
import { type IpAddress, parseIpAddress } from '../../../ip-address.ts';
import { type AllowedPlace, type NetworkPolicy, allowsAddress, allowsName } from '../../../network-policy.ts';
import { whyNotPublic } from '../../../public-addresses.ts';
import { type Failure, RefusedByPolicy } from './failure.ts';

/** Asks for the addresses of a name; only `all` of them are ever asked for. */
export type Resolve = (
  name: string,
  options: LookupOptions & { all: true },
  callback: (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void,
) => void;

/**
 * Keeps programs to what the realizer's policy lets them reach. A name is resolved once for each connection, by the very call that
 * brings the addresses to connect to: between the look and the use there is no second answer. Where a proxy stands between, it is
 * the proxy that resolves names, and here only addresses are judged that a URL spells out.
 */
export class Gate {
  readonly #allow: readonly AllowedPlace[];
  readonly #resolve: Resolve;

  constructor(policy: Extract<NetworkPolicy, { kind: 'public-only' }>, resolve: Resolve = lookup) {
    this.#allow = policy.allow;
    this.#resolve = resolve;
  }

  /** Why a request may not go where its URL leads, as far as the URL tells. */
  refusalOf(url: URL): Failure | undefined {
    const host = hostOf(url);
    const address = parseIpAddress(host);
    return address === undefined ? undefined : this.#judge(url, host, address);
  }

  /** How the host of a URL is resolved: to addresses that may be connected to, or to none. */
  lookupFor(url: URL): LookupFunction {
    const host = hostOf(url);
    if (allowsName(this.#allow, host, portOf(url))) return lookup;
    return (name, options, callback) => {
      this.#resolve(name, { ...options, all: true }, (error, addresses) => {
        const failure = error === null ? this.#judgeAll(url, addresses) : undefined;
        const refusal = failure === undefined ? error : new RefusedByPolicy(failure);
        const [first] = addresses ?? [];
        if (refusal !== null || first === undefined) callback(refusal ?? notFound(name), '', 0);
        else if (options.all === true) callback(null, addresses);
        else callback(null, first.address, first.family);
      });
    };
  }

  /** One address that may not be reached is enough: which of them is taken is not for the name's owner to play with. */
  #judgeAll(url: URL, addresses: readonly LookupAddress[]): Failure | undefined {
    for (const { address: text } of addresses) {
      const address = parseIpAddress(text);
      if (address === undefined) return refused(url, text, 'none that is understood');
      const failure = this.#judge(url, text, address);
      if (failure !== undefined) return failure;
    }
    return undefined;
  }

  #judge(url: URL, text: string, address: IpAddress): Failure | undefined {
    if (allowsAddress(this.#allow, address, portOf(url))) return undefined;
    const kind = whyNotPublic(address) ?? (isOwn(address) ? 'an address of this machine' : undefined);
    return kind === undefined ? undefined : refused(url, text, kind);
  }
}

/** What a machine offers to itself alone may be open to it at its public address too. */
function isOwn({ bits, value }: IpAddress): boolean {
  const own = Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? []);
  return own.some(({ address }) => {
    const parsed = parseIpAddress(address);
    return parsed?.bits === bits && parsed.value === value;
  });
}

function refused(url: URL, address: string, kind: string): Failure {
  const host = hostOf(url);
  const what = host === address ? `'${host}' is ${kind}` : `'${host}' lies at ${address}, ${kind}`;
  const detail = `${what}: this realizer lets programs reach public addresses only`;
  return { kind: 'not-allowed', detail, mayPass: false, place: url.host };
}

function notFound(name: string): NodeJS.ErrnoException {
  return Object.assign(new Error(`no addresses of ${name}`), { code: 'ENOTFOUND' });
}

/** Without the brackets of an IPv6 address. */
function hostOf({ hostname }: URL): string {
  return hostname.replace(/^\[(.*)\]$/, '$1');
}

function portOf({ port, protocol }: URL): number {
  if (port !== '') return Number(port);
  return protocol === 'https:' ? 443 : 80;
}
