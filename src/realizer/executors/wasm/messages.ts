import type { Fix } from '../../../derivations/index.ts';
import type { Diagnostic } from '../../../diagnostics/index.ts';
import type { Digest, HashPart } from '../../../foundation/index.ts';
import type { KnownContent } from '../../../store/index.ts';
import type { RealizerConfiguration } from '../../configuration.ts';
import type { ProgramLimits } from '../../program-limits.ts';
import type { RequestFailure } from '../executor.ts';
import type { InputRoot } from './files/store-tree.ts';

/** What a thread knows from its beginning. */
export type WorkerSettings = ThreadSettings | WriterSettings;

/** Of all workers in which programs run. */
export interface ProgramSettings {
  readonly role: 'programs';
  readonly storeFolder: string;
  /** Where open files go that are too large for memory. */
  readonly temporaryFolder: string;
  readonly network: NetworkSettings;
  /** How long a program may run, not counting what it waits. */
  readonly programLimitMs: number;
  readonly limits: ProgramLimits;
}

/** Of one such worker. */
export interface ThreadSettings extends ProgramSettings {
  /** Holds the job that has the thread, or had it last. */
  readonly running: SharedArrayBuffer;
}

/** How requests are sent, whoever asks for them. */
export type NetworkSettings = Pick<
  RealizerConfiguration,
  'mirrors' | 'credentials' | 'netrcFile' | 'certificateAuthorities' | 'requestTimeoutMs' | 'network'
>;

/** Of the thread that writes what programs leave behind them. */
export interface WriterSettings {
  readonly role: 'writer';
  readonly storeFolder: string;
  /** Becomes 1 where the thread is to end: it does so at the next message. */
  readonly stopFlag: SharedArrayBuffer;
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
  /** Whether it may find the parts that it, or an earlier run of the same module, has named. */
  readonly findsParts: boolean;
  /** What its requests have besides, as in `RealizeContext`. */
  readonly headers: ReadonlyMap<string, string>;
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
  | { readonly type: 'abandon'; readonly job: number }
  /** For a sign of life: answered by `alive`. */
  | { readonly type: 'ask' };

/** A part of a tree by the id that the program has given it. */
export interface NamedContent extends KnownContent {
  readonly id: string;
}

/** A tree that a program made: its directories' encodings, the root's among them. */
export interface ProducedTree {
  readonly root: Digest;
  readonly encodings: readonly Uint8Array[];
  /** Which of the candidates its files mention. */
  readonly references: ReadonlySet<HashPart>;
  /** The blobs that mention the path at which it was made. */
  readonly mentioning: ReadonlySet<Digest>;
  readonly contents: readonly NamedContent[];
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
  /** Once at its beginning, and as often as it is asked. */
  | { readonly type: 'alive' }
  /** For the writer: a batch that the worker's program has filled. */
  | { readonly type: 'write'; readonly batch: SharedArrayBuffer }
  | { readonly type: 'ended'; readonly job: number; readonly result: ProgramResult };
