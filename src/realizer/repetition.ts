import { type Claim, type Pins, formatClaim } from '../derivations/index.ts';
import type { Diagnostic } from '../diagnostics/index.ts';
import type { Store } from '../store/index.ts';
import { BuildLog } from './build-log.ts';
import type { Executor } from './executors/index.ts';
import { failureOf, pinContradicted } from './failures.ts';
import type { RealizeContext, RealizeRequest, RepeatResult } from './realizer.ts';

export interface Repetition {
  readonly store: Store;
  readonly executor: Executor;
  readonly request: RealizeRequest;
  /** What the program is to be held to. */
  readonly pins: Pins;
  readonly context: RealizeContext;
  readonly realizer: string;
}

/**
 * Runs a derivation's program to its end, whatever is known of what it claims. Only a claim that its pins contradict ends it:
 * what it would make then is nothing that anybody has asked for.
 */
export async function repeatOnce(repetition: Repetition): Promise<RepeatResult> {
  const { request, context, realizer } = repetition;
  const base = { derivation: request.derivation.id, name: request.derivation.name };
  const startedMs = performance.now();
  context.emit({ type: 'build-started', ...base, realizer });
  let outcome: 'built' | 'failed' = 'failed';
  try {
    const result = await execute(repetition);
    if (result.outcome === 'repeated') outcome = 'built';
    return result;
  } finally {
    context.emit({ type: 'build-finished', ...base, outcome, durationMs: performance.now() - startedMs });
  }
}

async function execute({ store, executor, request, pins, context }: Repetition): Promise<RepeatResult> {
  const { derivation, requestedAs } = request;
  const base = { derivation: derivation.id, name: derivation.name };
  const log = new BuildLog();
  let refusal: Diagnostic | undefined;
  const result = await executor.execute({
    derivation,
    pins,
    isRepetition: true,
    signal: context.signal,
    onLog(line) {
      log.add(line);
      context.emit({ type: 'build-log', ...base, line });
    },
    async onClaim(claim) {
      context.emit({ type: 'build-claimed', ...base, claim: formatClaim(claim), known: false });
      const pinned = pins[claim.format];
      if (pinned === undefined || pinned === claim.value) return 'continue';
      refusal = pinContradicted(derivation, contradiction(claim, pinned));
      return 'stop';
    },
  });
  store.logs.write([derivation.id, requestedAs], log.lines);
  if (refusal !== undefined) return { outcome: 'failed', diagnostic: refusal };
  if (result.outcome === 'failed') return failureOf(derivation, result, log);
  if (result.outcome === 'stopped') throw new Error(`${derivation.name} was stopped for no claim`);
  return { outcome: 'repeated', outputs: result.outputs, contents: result.contents ?? [] };
}

function contradiction({ format, value }: Claim, pinned: string) {
  return {
    kind: 'contradiction',
    pinned: formatClaim({ format, value: pinned }),
    claimed: formatClaim({ format, value }),
  } as const;
}
