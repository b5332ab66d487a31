import type { DerivationId, Pins, ResolvedDerivation } from '../derivations/index.ts';
import type { Diagnostic } from '../diagnostics/index.ts';
import type { Emit, StorePath } from '../foundation/index.ts';
import type { KnownContentRecord, OutputRecord } from '../store/index.ts';
import type { RequestFailure } from './executors/index.ts';

/** Paths by output name. */
export type Outputs = Readonly<Record<string, StorePath>>;

/** What a realizer is asked: to make the outputs of one derivation exist, whose inputs exist already. */
export interface RealizeRequest {
  readonly derivation: ResolvedDerivation;
  /** The id that the derivation had before its inputs were resolved: users know it by that. */
  readonly requestedAs: DerivationId;
  /** What the lock holds for a self-fixing derivation; empty where nothing is pinned, or the origin is to be asked again. */
  readonly pins: Pins;
}

export interface RealizeContext {
  readonly emit: Emit;
  readonly signal: AbortSignal;
  /**
   * By lower-case name, what the requests of the program have besides, as long as they go to the host that it has named itself. They may
   * be secrets of whoever asks: they are in no derivation, record or log, and work that has others is other work.
   */
  readonly headers?: ReadonlyMap<string, string>;
}

/** What is worth to be remembered of outputs by those whose store is another one than the realizer's. */
export interface Provenance {
  /** What the program of an ordinary derivation saw of the machine besides its inputs: part of the key under which the result counts. */
  readonly identity?: string;
  /** The outputs, and what they refer to as far as it is known, as they lie in the store of a remote realizer. */
  readonly records?: readonly OutputRecord[];
}

/** What a derivation's outputs are. */
export interface LookedUp extends Provenance {
  readonly outputs: Outputs;
  /** What else holds of the output of a self-fixing derivation, where its pins do not tell all; else empty. */
  readonly pins: Pins;
}

export type RealizeResult = Realized | RealizeFailure;

export interface Realized extends Provenance {
  readonly outcome: 'realized';
  /** `known` where the outputs were there already, be it that a claim ended the program. */
  readonly how: 'built' | 'known';
  readonly outputs: Outputs;
  /** What holds of the output of a self-fixing derivation, as the lock is to have it; else empty. */
  readonly pins: Pins;
}

export interface RealizeFailure {
  readonly outcome: 'failed';
  readonly diagnostic: Diagnostic;
  /** How the program ended, where it ran and failed: from this a better diagnostic may be made. */
  readonly program?: {
    readonly exitCode: number | undefined;
    readonly lastLine: string | undefined;
    readonly request: RequestFailure | undefined;
  };
}

export type RepeatResult = Repeated | RealizeFailure;

export interface Repeated {
  readonly outcome: 'repeated';
  /** By output name: whole, in this process's store, and not recorded there. */
  readonly outputs: Readonly<Record<string, OutputRecord>>;
  /** The parts of the outputs that the program has named, where it could. */
  readonly contents: readonly KnownContentRecord[];
}

/** How busy a realizer is, as it says itself. */
export interface Load {
  /** Programs that run. */
  readonly running: number;
  /** Programs that wait for others to end. */
  readonly queued: number;
  /** How many programs that compute it runs at once. */
  readonly capacity: number;
}

/** What a transfer has moved: outputs that were not there before, and the bytes that went over the connection for them. */
export interface Moved {
  readonly outputs: number;
  readonly bytes: number;
}

/** The outputs of a realizer whose store is another one than this process's. */
export interface RemoteOutputs {
  /** Takes outputs with all that they refer to out of this process's store. What is there already is not sent. */
  push(paths: readonly StorePath[], context: RealizeContext): Promise<Moved>;
  /** Brings outputs with all that they refer to into this process's store. */
  fetch(paths: readonly StorePath[], context: RealizeContext): Promise<Moved>;
  /**
   * Has the realizer take outputs with all that they refer to from another one, past this process. Answers why not, as a phrase, where
   * it cannot: then they go through this process's store.
   */
  pullFrom(
    other: RemoteOutputs,
    paths: readonly StorePath[],
    context: RealizeContext,
  ): Promise<Moved | { readonly refusal: string }>;
  /**
   * Brings what an output is made of into this process's store, though it may be recorded there: whoever asks has found it damaged. It is
   * whole then, and not recorded anew. Undefined where the realizer does not have it.
   */
  refetch(path: StorePath, context: RealizeContext): Promise<OutputRecord | undefined>;
}

/** Who realizes: in this process, on a server, on a cluster. */
export interface Realizer {
  readonly name: string;
  /** Its outputs, where they do not lie in this process's own store. */
  readonly remote?: RemoteOutputs;
  /** All features it offers. */
  features(): Promise<ReadonlySet<string>>;
  /** Those of the required features that it lacks, each with a word on how it could be had, or an empty text. */
  lacking(required: readonly string[]): Promise<ReadonlyMap<string, string>>;
  /** The outputs as far as they are known, whether or not they are there: nothing is run and no origin is asked. */
  lookup(request: Omit<RealizeRequest, 'requestedAs'>): Promise<LookedUp | undefined>;
  /** Whether the output is there, whole, and stays there as long as this process works with the realizer. */
  has(path: StorePath): Promise<boolean>;
  realize(request: RealizeRequest, context: RealizeContext): Promise<RealizeResult>;
  /**
   * Makes outputs once more, though they are known, by the program alone: nothing that an earlier run left is used, and nothing
   * becomes known by this. What comes out may be another thing than before.
   */
  repeat(request: RealizeRequest, context: RealizeContext): Promise<RepeatResult>;
  load(): Promise<Load>;
  close(): Promise<void>;
}
