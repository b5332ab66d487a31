import type { Fix } from '../../../derivations/index.ts';
import type { Diagnostic } from '../../../diagnostics/index.ts';
import type { Digest, HashPart } from '../../../foundation/index.ts';
import type { RequestFailure } from '../executor.ts';
import type { InputRoot } from './files/store-tree.ts';

/** What a worker knows from its beginning. */
export interface WorkerSettings {
  readonly storeFolder: string;
  /** Where open files go that are too large for memory. */
  readonly temporaryFolder: string;
  readonly mirrors: ReadonlyMap<string, string>;
  readonly certificateAuthorities: readonly string[];
  readonly requestTimeoutMs: number;
}

/** One program to run. `job` tells the programs of a worker apart. */
export interface ProgramDescription {
  readonly job: number;
  /** Seeds the randomness of an ordinary build: the derivation's id. */
  readonly seed: string;
  /** The program's module: a blob of the store. */
  readonly program: Digest;
  readonly arguments: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly fix: Fix['kind'];
  /** By their names below `/cab/store`. */
  readonly inputs: ReadonlyMap<string, InputRoot>;
  /** The names below `/cab/store` at which the outputs are to be made, by output. */
  readonly outputs: ReadonlyMap<string, string>;
  /** What is looked for in the files of an output, where references count. */
  readonly candidates: readonly HashPart[];
  /** Becomes 1 where the program is to end: seen at its next call of the host, even if its thread is never free. */
  readonly stopFlag: SharedArrayBuffer;
}

/** From the pool to a worker. */
export type ToWorker =
  | { readonly type: 'run'; readonly program: ProgramDescription }
  | { readonly type: 'continue'; readonly job: number }
  | { readonly type: 'abandon'; readonly job: number };

/** A tree that a program made: its directories' encodings, the root's among them. */
export interface ProducedTree {
  readonly root: Digest;
  readonly encodings: readonly Uint8Array[];
  /** Which of the candidates its files mention. */
  readonly references: ReadonlySet<HashPart>;
  /** The blobs that mention the path at which it was made. */
  readonly mentioning: ReadonlySet<Digest>;
}

export type ProgramResult =
  | { readonly outcome: 'finished'; readonly outputs: ReadonlyMap<string, ProducedTree> }
  | { readonly outcome: 'abandoned' }
  | {
      readonly outcome: 'failed';
      readonly reason: string;
      readonly exitCode?: number;
      readonly missingOutput?: string;
      readonly malformedClaim?: string;
      readonly requestFailure?: RequestFailure;
    }
  /** A fault of the host, or of the machine. */
  | { readonly outcome: 'crashed'; readonly message: string; readonly diagnostics?: readonly Diagnostic[] };

/** From a worker to the pool. Each `claim` is answered by `continue` or `abandon`. */
export type FromWorker =
  | { readonly type: 'log'; readonly job: number; readonly lines: readonly string[] }
  | { readonly type: 'claim'; readonly job: number; readonly line: string }
  | { readonly type: 'ended'; readonly job: number; readonly result: ProgramResult };
