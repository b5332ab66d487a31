import type { Derivation } from '../../derivations/index.ts';
import type { Diagnostic } from '../../diagnostics/index.ts';
import type { Realizer } from '../realizer.ts';
import { nobodyOffers } from './faults.ts';

export type Choice =
  | { readonly ok: true; readonly realizer: Realizer }
  | { readonly ok: false; readonly diagnostic: Diagnostic };

/** The first realizer that offers all that the derivation requires, for who has no choice to make between several. */
export async function chooseRealizer(
  realizers: readonly Realizer[],
  derivation: Derivation,
): Promise<Choice> {
  const opinions = [];
  for (const realizer of realizers) {
    const lacking = await realizer.lacking(derivation.requiredRealizerFeatures);
    if (lacking.size === 0) return { ok: true, realizer };
    const offered = [...(await realizer.features())];
    opinions.push({ kind: 'lacks', member: realizer, lacking, offered } as const);
  }
  return { ok: false, diagnostic: nobodyOffers(derivation, opinions) };
}
