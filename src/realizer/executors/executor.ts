import type { Claim, Pins, ResolvedDerivation } from '../../derivations/index.ts';
import type { Diagnostic } from '../../diagnostics/index.ts';
import type { KnownContentRecord, OutputRecord } from '../../store/index.ts';

/** One run of a derivation's program. */
export interface Execution {
  readonly derivation: ResolvedDerivation;
  /** Passed to the program in `CAB_PINS` where there are any. */
  readonly pins: Pins;
  /** Called for each line of the log, without its end. */
  readonly onLog: (line: string) => void;
  /**
   * Called for each claim of a self-fixing derivation's program, in order. On `stop` the program is ended, unclean. Whatever the
   * program does that costs the origin something waits for the answer.
   */
  readonly onClaim: (claim: Claim) => Promise<'continue' | 'stop'>;
  readonly signal: AbortSignal;
  /** What the program's requests have besides, as in `RealizeContext`. */
  readonly headers?: ReadonlyMap<string, string> | undefined;
  /** Whether it is made as if for the first time: then no part is found that an earlier run has named. */
  readonly isRepetition?: boolean;
}

/** How the last request of the program failed: what a message can be made from that helps. */
export interface RequestFailure {
  readonly kind:
    | 'unreachable'
    | 'certificate'
    | 'not-allowed'
    | 'credentials'
    | 'malformed'
    | 'timeout'
    | 'cut'
    | 'redirects'
    | 'status';
  /** As the program asked for it, without credentials; mirrors are not shown. */
  readonly url: string;
  /** One phrase, such as `connection refused` or `certificate has expired`. */
  readonly detail: string;
  /** Where `kind` is `not-allowed`: what the realizer's operator would have to allow, if that is the reason. */
  readonly place?: string;
  /** Where `kind` is `status`. */
  readonly status?: number;
  /** Where `kind` is `status`: who answered, and what it was shown. */
  readonly server?: AnsweringServer;
  /** How long the server wants not to be asked again, where that was longer than anyone would wait. */
  readonly retryAfterMs?: number;
}

/** Who answered a request, at the end of all mirrors and redirects. */
export interface AnsweringServer {
  /** Such as `git.example.org`, or `localhost:3000`. */
  readonly host: string;
  /**
   * Whether it was shown credentials of the configuration. They are `withheld` from a connection that others can read, and from a
   * server that another one has redirected to.
   */
  readonly credentials: 'none' | 'shown' | 'withheld-from-http' | 'withheld-after-redirect';
}

export type ExecutionResult =
  | {
      readonly outcome: 'finished';
      /** By output name, not yet committed; their blobs and trees are in the store. */
      readonly outputs: Readonly<Record<string, OutputRecord>>;
      /** The parts of the outputs that the program has named, where it could. */
      readonly contents?: readonly KnownContentRecord[];
    }
  | { readonly outcome: 'stopped' }
  | {
      readonly outcome: 'failed';
      /** Such as `exit code 2`, `killed by SIGKILL`, `trap: unreachable`. */
      readonly reason: string;
      readonly exitCode?: number;
      /** Names an output that the program did not make, where that was the failure. */
      readonly missingOutput?: string;
      /** A line that is not a claim, where that was the failure. */
      readonly malformedClaim?: string;
      readonly requestFailure?: RequestFailure;
      /** Where it was not the program that failed: what is told instead. */
      readonly diagnostic?: Diagnostic;
    };

/** A way to run programs. */
export interface Executor {
  readonly name: string;
  /** What it offers; empty where the machine lacks what it needs, and then `missing` says what. */
  features(): Promise<ReadonlySet<string>>;
  /** For each feature that it would offer on a machine with more installed: what to install. */
  missing(): Promise<ReadonlyMap<string, string>>;
  /**
   * What a derivation would see of the machine that is not among its inputs, such as the machine's own tools; undefined where it
   * sees nothing, or where another executor runs it. It is part of the key under which the result is kept.
   */
  identity(derivation: ResolvedDerivation): Promise<string | undefined>;
  execute(execution: Execution): Promise<ExecutionResult>;
  close(): Promise<void>;
}
