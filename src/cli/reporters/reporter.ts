import type { CabEvent } from '../../foundation/index.ts';

/** Renders events to standard error. */
export interface Reporter {
  report(event: CabEvent): void;
  /** Takes away what is only shown while the run goes on. */
  close(): void;
}

export type Write = (text: string) => void;
