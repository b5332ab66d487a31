import type { Claim, DerivationId } from '../derivations/index.ts';
import type { Digest, Sha256, StorePath } from '../foundation/index.ts';

/** A tree in the store under the path that its content gives it. */
export interface OutputRecord {
  readonly path: StorePath;
  /** The digest of the root's `Directory` message. */
  readonly tree: Digest;
  /** The bytes of all files together. */
  readonly size: number;
  /** The store paths that the content mentions, sorted, itself included where it does. */
  readonly references: readonly StorePath[];
}

/** What an output of a resolved derivation came out as. */
export interface Realisation {
  readonly derivation: DerivationId;
  readonly output: string;
  readonly path: StorePath;
}

/** A claim that was true of an output when it was made; it counts only within its scope. */
export interface ClaimRecord {
  readonly scope: DerivationId;
  readonly claim: Claim;
  readonly path: StorePath;
}

/** A blob or a directory's canonical encoding: its digest and its size in bytes. */
export interface KnownContent {
  readonly kind: 'file' | 'directory';
  readonly digest: Digest;
  readonly size: number;
}

/** A part of an output by an id, such as `git-blob:…`, that the program with this digest has given it. */
export interface KnownContentRecord extends KnownContent {
  readonly program: Digest;
  readonly id: string;
  /** The output that it is a part of. */
  readonly path: StorePath;
}

/** A blob, or a directory in its SHA-256 form: its digest and its size in bytes. */
export interface Sha256Reference {
  readonly sha256: Sha256;
  readonly size: number;
}

/** A directory in its SHA-256 form: encoded with the SHA-256 digests and the sizes of what is in it. */
export interface Sha256Directory extends Sha256Reference {
  /** The digest that the store has it under. */
  readonly tree: Digest;
  readonly encoding: Uint8Array;
}
