import { DerivationValue } from './derivation-value.ts';
import { type Site, asking } from './fault.ts';
import { IslandReference, type Value } from './value.ts';

/** A derivation is itself and an island becomes one; undefined for anything else. */
export function toDerivation(value: Value, site: Site): DerivationValue | undefined {
  if (value instanceof DerivationValue) return value;
  if (!(value instanceof IslandReference)) return undefined;
  return DerivationValue.of(asking(site, () => site.evaluation.world.toDerivation(value.island)));
}
