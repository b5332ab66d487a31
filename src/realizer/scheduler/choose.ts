import type { Derivation } from '../../derivations/index.ts';
import type { Diagnostic } from '../../diagnostics/index.ts';
import type { Realizer } from '../realizer.ts';

export type Choice =
  | { readonly ok: true; readonly realizer: Realizer }
  | { readonly ok: false; readonly diagnostic: Diagnostic };

/** The first realizer that offers all that the derivation requires. */
export async function chooseRealizer(
  realizers: readonly Realizer[],
  derivation: Derivation,
): Promise<Choice> {
  const required = derivation.requiredRealizerFeatures;
  const notes: string[] = [];
  const remedies = new Set<string>();
  for (const realizer of realizers) {
    const lacking = await realizer.lacking(required);
    if (lacking.size === 0) return { ok: true, realizer };
    notes.push(
      noteOn(realizer.name, [...(await realizer.features())].toSorted(), [...lacking.keys()].toSorted()),
    );
    for (const remedy of lacking.values()) if (remedy !== '') remedies.add(remedy);
  }
  return {
    ok: false,
    diagnostic: {
      code: 'CAB4001',
      severity: 'error',
      message: `no realizer offers what '${derivation.name}' requires: ${list(required)}`,
      notes,
      hint:
        remedies.size > 0
          ? [...remedies].join('; ')
          : 'check the spelling of the features, or require fewer of them',
    },
  };
}

function noteOn(name: string, offered: readonly string[], lacking: readonly string[]): string {
  const offers = `the realizer '${name}' offers ${list(offered)}`;
  return lacking.every((feature) => offered.includes(feature))
    ? `${offers}, but runs no program that has ${list(lacking)} together`
    : `${offers}, and lacks ${list(lacking)}`;
}

function list(features: readonly string[]): string {
  return features.length === 0 ? 'nothing' : features.map((feature) => `'${feature}'`).join(', ');
}
