import type { CabEvent } from '../../foundation/index.ts';

/** Renders events to standard error. */
export interface Reporter {
  report(event: CabEvent): void;
  /** Takes away what is only shown while the run goes on. */
  close(): void;
}

/** How diagnostics are rendered. */
export interface Look {
  readonly color: boolean;
  /** The columns of the terminal, asked for when something is rendered; undefined where there is none. */
  readonly width: () => number | undefined;
}

export type Write = (text: string) => void;
