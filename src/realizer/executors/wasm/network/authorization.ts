import type { IncomingMessage } from 'node:http';
import type { Credentials, CredentialScheme } from '../../../configuration.ts';
import type { Failure } from './failure.ts';
import type { Hop } from './hop.ts';
import type { Keyring, Proof } from './keyring.ts';

/**
 * Shows credentials of the configuration to servers, for one program. What counts is the host that is connected to: a mirror sees
 * its own credentials and nobody else's. A program that brings credentials of its own has them sent instead.
 *
 * A registry of images is asked without any at first. It says where tokens are to be had; there the program asks for one, and this
 * request, by a user and a password, shows the credentials of that place or else of the registry.
 */
export class Authorization {
  readonly #keyring: Keyring;
  /** Places of tokens, and the credentials of the registry that named them. */
  readonly #realms = new Map<string, Credentials | undefined>();

  constructor(keyring: Keyring) {
    this.#keyring = keyring;
  }

  /** For the first try. */
  async proofFor(hop: Hop): Promise<Proof | 'withheld-after-redirect'> {
    if (hop.headers.has('authorization')) return none;
    const realm = realmOf(hop.target);
    const found = this.#keyring.find(hop.target) ?? this.#realms.get(realm);
    if (found === undefined) return none;
    if ('detail' in found) return failed(found);
    if (!hop.isTrusted) return 'withheld-after-redirect';
    if (isImageRegistry(hop.target) && found.scheme === undefined) return none;
    return this.#keyring.proofOf(
      found,
      hop.target,
      this.#realms.has(realm) ? 'basic' : usualScheme(hop.target),
    );
  }

  /** For a second try, where the first was refused without any having been shown. */
  async proofAsAsked(hop: Hop, { headers, statusCode }: IncomingMessage): Promise<Proof> {
    if (statusCode !== 401 || !hop.isTrusted || !isImageRegistry(hop.target)) return none;
    const found = this.#keyring.find(hop.target);
    if (found !== undefined && 'detail' in found) return failed(found);
    const challenge = headers['www-authenticate'] ?? '';
    const realm = URL.parse(/\bBearer\b[^]*?\brealm="([^"]*)"/i.exec(challenge)?.[1] ?? '');
    if (realm !== null) this.#realms.set(realmOf(realm), found);
    const isForProgram = realm !== null || hop.headers.has('authorization');
    if (found === undefined || isForProgram || found.scheme !== undefined) return none;
    return this.#keyring.proofOf(found, hop.target, /\bBasic\b/i.test(challenge) ? 'basic' : 'bearer');
  }
}

const none: Proof = { kind: 'none' };

function failed(failure: Failure): Proof {
  return { kind: 'failure', failure };
}

/** Git's servers want a user and a password, and take a token for the password. */
function usualScheme({ pathname, searchParams }: URL): CredentialScheme {
  const isGit =
    pathname.endsWith('/git-upload-pack') ||
    (pathname.endsWith('/info/refs') && searchParams.get('service') === 'git-upload-pack');
  return isGit ? 'basic' : 'bearer';
}

/** All addresses of the registries' interface begin so. */
function isImageRegistry({ pathname }: URL): boolean {
  return pathname.startsWith('/v2/');
}

function realmOf({ origin, pathname }: URL): string {
  return origin + pathname;
}
