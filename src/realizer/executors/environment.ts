import { type Pins, type ResolvedDerivation, formatPins, scratchPathOf } from '../../derivations/index.ts';

/** 1980-01-01 in seconds, the first moment that every archive format can hold. */
export const sourceDateEpoch = 315532800;

/** What each program finds in its environment, whatever runs it: the derivation's own, the outputs and Cab's. */
export function programEnvironment(
  derivation: ResolvedDerivation,
  pins: Pins,
  cores: number,
): Readonly<Record<string, string>> {
  const outputs = derivation.outputs.map((output) => [output, scratchPathOf(derivation, output)] as const);
  const pinned = derivation.fix.kind !== 'none' && Object.keys(pins).length > 0;
  return {
    ...derivation.environment,
    ...Object.fromEntries(outputs),
    SOURCE_DATE_EPOCH: String(sourceDateEpoch),
    CAB_CORES: String(cores),
    ...(pinned ? { CAB_PINS: formatPins(pins) } : {}),
  };
}
