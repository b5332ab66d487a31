import type { Claim, DerivationId, ResolvedDerivation } from '../derivations/index.ts';
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

/** A derivation whose outputs are recorded, under the key of its realisations or the scope of its claims. */
export interface DerivationRecord {
  readonly key: DerivationId;
  /** What its program saw of the machine besides its inputs; empty where that was nothing. */
  readonly identity: string;
  readonly derivation: ResolvedDerivation;
}

/** What an output was made by, and is made by again. */
export interface Deriver extends DerivationRecord {
  /** Which of the derivation's outputs it is. */
  readonly output: string;
  /** What is claimed of it, by format; each may hold several values. Empty where it is placed by its content. */
  readonly claims: readonly Claim[];
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
