import type { ResolvedDerivation } from '../../derivations/index.ts';
import type { Emit } from '../../foundation/index.ts';
import { BuildLog } from '../index.ts';
import type { Progress } from '../protocol/index.ts';

export interface BuildReportOptions {
  readonly derivation: ResolvedDerivation;
  readonly realizer: string;
  readonly emit: Emit;
}

/** Tells of a build elsewhere what a build here would be told. */
export class BuildReport {
  readonly #options: BuildReportOptions;
  readonly #base: { readonly derivation: string; readonly name: string };
  #log = new BuildLog();
  #lines = 0;
  #claims = 0;
  #startedMs: number | undefined;

  constructor(options: BuildReportOptions) {
    this.#options = options;
    this.#base = { derivation: options.derivation.id, name: options.derivation.name };
  }

  get hasStarted(): boolean {
    return this.#startedMs !== undefined;
  }

  /** What the program has said, in the run that counts. */
  get lines(): readonly string[] {
    return this.#log.lines;
  }

  started(): void {
    if (this.#startedMs !== undefined) return;
    this.#startedMs = performance.now();
    this.#options.emit({ type: 'build-started', ...this.#base, realizer: this.#options.realizer });
  }

  /** The program is run anew: what it said before counts no more. */
  startAnew(): void {
    this.#log = new BuildLog();
    this.#lines = 0;
    this.#claims = 0;
  }

  /** `isResumed` where it may tell again what was told before, or something before it was missed. */
  progress({ logLines, claims, earlierLines, earlierClaims }: Progress, isResumed: boolean): void {
    if (logLines.length === 0 && claims.length === 0) return;
    this.started();
    const { emit } = this.#options;
    const missed = isResumed ? Number(earlierLines) - this.#lines : 0;
    if (missed > 0) this.#log.add(`… ${missed} lines were said while there was no connection …`);
    for (const line of logLines.slice(Math.max(0, -missed))) {
      this.#log.add(line);
      emit({ type: 'build-log', ...this.#base, line });
    }
    this.#lines = isResumed
      ? Math.max(this.#lines, Number(earlierLines) + logLines.length)
      : this.#lines + logLines.length;
    const told = isResumed ? Math.max(0, this.#claims - Number(earlierClaims)) : 0;
    for (const { claim, known } of claims.slice(told)) {
      this.#claims++;
      emit({ type: 'build-claimed', ...this.#base, claim, known });
    }
  }

  /** The connection is lost that it would be heard over. */
  lost(why: string, waitMs: number): void {
    const { emit, realizer } = this.#options;
    emit({ type: 'realizer-lost', realizer, why, waitMs });
  }

  finished(outcome: 'built' | 'known' | 'failed'): void {
    if (this.#startedMs === undefined) return;
    const durationMs = performance.now() - this.#startedMs;
    this.#options.emit({ type: 'build-finished', ...this.#base, outcome, durationMs });
  }
}
