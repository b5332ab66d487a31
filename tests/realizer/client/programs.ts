import { type ResolvedDerivation, makeDerivation } from '../../../src/derivations/index.ts';
import type { CabEvent, StorePath } from '../../../src/foundation/index.ts';
import type { RealizeContext, RealizeRequest } from '../../../src/realizer/index.ts';
import { system } from '../../end-to-end/native-builds.ts';

/** A derivation that a shell makes, as a realizer is asked for it. */
export function shell(name: string, script: string, inputs: readonly StorePath[] = []): RealizeRequest {
  const derivation = makeDerivation({
    name,
    builder: '/bin/sh',
    arguments: ['-c', script],
    environment: {},
    inputs: { derivations: [], trees: inputs },
    outputs: ['out'],
    requiredRealizerFeatures: [system, 'host-tools'],
    fix: { kind: 'none' },
  }) as ResolvedDerivation;
  return { derivation, requestedAs: derivation.id, pins: {} };
}

export interface Watched extends RealizeContext {
  readonly events: CabEvent[];
  /** What the program has said, as it was told. */
  lines(): readonly string[];
}

/** Keeps what is told, and does something at a line of the log, once. */
export function watch(atLine?: { readonly line: string; readonly act: () => void }): Watched {
  const events: CabEvent[] = [];
  const controller = new AbortController();
  let hasActed = false;
  return {
    events,
    signal: controller.signal,
    emit(event) {
      events.push(event);
      if (event.type !== 'build-log' || event.line !== atLine?.line || hasActed) return;
      hasActed = true;
      atLine.act();
    },
    lines: () => events.flatMap((event) => (event.type === 'build-log' ? [event.line] : [])),
  };
}
