import type { Diagnostic } from '../diagnostics/diagnostic.ts';

/**
 * Everything that can happen in a run and that someone may want to see. The engine emits, reporters render.
 * `derivation` is a derivation id, `name` the derivation's name, `island` an island as its author wrote it,
 * normalised; sizes are in bytes and durations in milliseconds.
 */
export type CabEvent =
  | {
      readonly type: 'build-started';
      readonly derivation: string;
      readonly name: string;
      readonly realizer: string;
    }
  | { readonly type: 'build-log'; readonly derivation: string; readonly name: string; readonly line: string }
  | {
      readonly type: 'build-claimed';
      readonly derivation: string;
      readonly name: string;
      readonly claim: string;
      readonly known: boolean;
    }
  | {
      readonly type: 'build-finished';
      readonly derivation: string;
      readonly name: string;
      readonly outcome: 'built' | 'known' | 'failed';
      readonly durationMs: number;
    }
  | {
      readonly type: 'island-pinned';
      readonly island: string;
      readonly pins: Readonly<Record<string, string>>;
    }
  | {
      readonly type: 'island-moved';
      readonly island: string;
      readonly before: Readonly<Record<string, string>>;
      readonly after: Readonly<Record<string, string>>;
    }
  | { readonly type: 'island-unchanged'; readonly island: string }
  | { readonly type: 'island-dropped'; readonly island: string }
  /** It was to be read in parts, and its origin gives only the whole. */
  | { readonly type: 'island-read-whole'; readonly island: string }
  /** Outputs went from one realizer to another, of which one may be this process. */
  | {
      readonly type: 'outputs-moved';
      readonly from: string;
      readonly to: string;
      /** How many were not there before. */
      readonly outputs: number;
      readonly bytes: number;
      /** Whether they went past this process, from one server to another. */
      readonly way: 'direct' | 'through-client';
    }
  /** The connection to one is lost that builds run on; they wait for it for a while. Told once until it is there again. */
  | {
      readonly type: 'realizer-lost';
      readonly realizer: string;
      readonly why: string;
      readonly waitMs: number;
    }
  | { readonly type: 'trace'; readonly text: string }
  | { readonly type: 'diagnostic'; readonly diagnostic: Diagnostic }
  /** All that is told of a failure has been: the codes of its diagnostics, and how many more there are. */
  | { readonly type: 'failure-told'; readonly codes: readonly string[]; readonly leftOut: number };

export type Emit = (event: CabEvent) => void;
