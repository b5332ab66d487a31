import type { NetworkPolicy } from './network-policy.ts';
import type { ProgramLimits } from './program-limits.ts';
import type { RealizerAddress } from './address.ts';

/** What the operator of a realizer decides, and no derivation sees. */
export interface RealizerConfiguration {
  /** How many programs run at once. */
  readonly cores: number;
  /** URL prefixes and what stands in their place; the longest that fits is taken. */
  readonly mirrors: ReadonlyMap<string, string>;
  /** What proves to servers who asks. Neither derivations nor locks, logs or messages ever hold any of it. */
  readonly credentials: readonly Credentials[];
  /** A file of logins in the form that `curl` and `git` know, for hosts without credentials of their own. */
  readonly netrcFile: string | undefined;
  /** PEM files of certificate authorities that are trusted besides the usual ones. */
  readonly certificateAuthorities: readonly string[];
  /** How long a server may take to begin its answer, and between two pieces of it. */
  readonly requestTimeoutMs: number;
  /** How long a WebAssembly program may run, not counting what it waits. */
  readonly programLimitMs: number;
  /** What one program may use at most, its running time aside. */
  readonly limits: ProgramLimits;
  /** What programs may reach over the network, where they may use it at all. */
  readonly network: NetworkPolicy;
  /** Features offered besides those that the executors bring. */
  readonly features: readonly string[];
  /** Whether the machine's own tools are offered as the feature `host-tools`. */
  readonly hostTools: boolean;
}

/** Credentials for the requests to one host, or to the addresses below one. */
export interface Credentials {
  /** A host such as `git.example.org` or `localhost:3000`, or an address; the longest that fits a request is taken. */
  readonly place: string;
  readonly secret: Secret;
  /** With a user, or where a server is known to want it, they are sent as a user and a password. */
  readonly user: string | undefined;
  /** How the secret is sent; chosen by the request where this is undefined. */
  readonly scheme: CredentialScheme | undefined;
  /** Whether they may go over a connection that others can read. */
  readonly allowHttp: boolean;
}

/** `raw` is the secret alone, as Cargo's registries want it. */
export type CredentialScheme = 'basic' | 'bearer' | 'raw';

/** Where a password or token is to be had: read, or asked for, when the first request needs it. */
export type Secret =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'file'; readonly file: string }
  /** A program that prints it. */
  | { readonly kind: 'command'; readonly words: readonly string[] };

/** A realizer of another process, mostly of another machine, as a client is told of it. */
export interface RemoteConfiguration {
  readonly name: string;
  readonly address: RealizerAddress;
  /** A bearer token; undefined where there is none. */
  readonly token: Secret | undefined;
  /** PEM files of the certificate that the client shows, and of its key. */
  readonly identity: { readonly certificate: string; readonly key: string } | undefined;
  /** PEM files of certificate authorities that are trusted besides the usual ones. */
  readonly certificateAuthorities: readonly string[];
}
