import { readFileSync } from 'node:fs';
import { unreachable } from '../../../../foundation/index.ts';
import type { Credentials, CredentialScheme } from '../../../configuration.ts';
import type { Failure } from './failure.ts';
import { parseNetrc } from './netrc.ts';
import { Secrets } from './secrets.ts';

/** What a request wants to know before it is sent. */
export type Proof =
  | { readonly kind: 'none' | 'withheld-from-http' }
  | { readonly kind: 'shown'; readonly header: string }
  | { readonly kind: 'failure'; readonly failure: Failure };

/** A name that goes with a token where a server wants both: the one that GitHub asks for, and others take any. */
const tokenUser = 'x-access-token';

/** Knows which credentials go with which request. One for all programs of a worker. */
export class Keyring {
  readonly #configured: readonly Credentials[];
  readonly #netrcFile: string | undefined;
  readonly #secrets = new Secrets();
  #fromNetrc: readonly Credentials[] | Failure | undefined;

  constructor(configured: readonly Credentials[], netrcFile: string | undefined) {
    this.#configured = configured;
    this.#netrcFile = netrcFile;
  }

  /** The credentials for what is at an address, mirrors applied; it is for `proofOf` to say whether they can go there. */
  find(url: URL): Credentials | Failure | undefined {
    const fitting = this.#configured.filter(({ place }) => fits(url, place));
    const longest = fitting.toSorted((a, b) => b.place.length - a.place.length)[0];
    if (longest !== undefined) return longest;
    const logins = this.#logins();
    return 'detail' in logins ? logins : logins.find(({ place }) => place === url.hostname);
  }

  /** The header that shows credentials to a server. `scheme` is how it wants them where the configuration does not say. */
  async proofOf(credentials: Credentials, url: URL, scheme: CredentialScheme): Promise<Proof> {
    if (url.protocol !== 'https:' && !credentials.allowHttp && !isThisMachine(url)) {
      return { kind: 'withheld-from-http' };
    }
    const secret = await this.#secrets.get(credentials);
    if (secret.kind !== 'secret') return { kind: 'failure', failure: secret };
    const { user } = credentials;
    const chosen = credentials.scheme ?? (user === undefined ? scheme : 'basic');
    switch (chosen) {
      case 'basic':
        return { kind: 'shown', header: `Basic ${base64(`${user ?? tokenUser}:${secret.text}`)}` };
      case 'bearer':
        return { kind: 'shown', header: `Bearer ${bytesOf(secret.text)}` };
      case 'raw':
        return { kind: 'shown', header: bytesOf(secret.text) };
      default:
        return unreachable(chosen);
    }
  }

  #logins(): readonly Credentials[] | Failure {
    if (this.#netrcFile === undefined) return [];
    this.#fromNetrc ??= readNetrc(this.#netrcFile);
    return this.#fromNetrc;
  }
}

/** Whether a host, or an address, is that of a URL, or one that it is below. */
function fits(url: URL, place: string): boolean {
  if (!place.includes('://')) return url.host === place;
  const prefix = new URL(place);
  if (prefix.origin !== url.origin) return false;
  const folder = prefix.pathname.replace(/\/+$/, '');
  return url.pathname === folder || url.pathname.startsWith(`${folder}/`);
}

/** What goes to such a name leaves the machine on no wire. */
function isThisMachine({ hostname }: URL): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d+){3}$/.test(hostname);
}

function readNetrc(file: string): readonly Credentials[] | Failure {
  try {
    return parseNetrc(readFileSync(file, 'utf8'));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return {
      kind: 'credentials',
      detail: `the file of logins '${file}' cannot be read (${code})`,
      mayPass: false,
    };
  }
}

function base64(text: string): string {
  return Buffer.from(text).toString('base64');
}

/** A header's value is bytes, which Node wants as characters of one byte each. */
function bytesOf(text: string): string {
  return Buffer.from(text).toString('latin1');
}
