import type { Derivation } from '../../derivations/index.ts';
import type { Diagnostic } from '../../diagnostics/index.ts';
import type { RealizerUnavailable } from '../unavailable.ts';
import type { Member } from './member.ts';

/** What a realizer answers to the question whether it can realize something. */
export type Opinion =
  | { readonly kind: 'offers'; readonly member: Member }
  | (Lacks & { readonly member: Member })
  | { readonly kind: 'down'; readonly member: Member; readonly outage: RealizerUnavailable };

interface Lacks {
  readonly kind: 'lacks';
  readonly member: { readonly name: string };
  /** The features, each with a word on how it could be had, or an empty text. */
  readonly lacking: ReadonlyMap<string, string>;
  readonly offered?: readonly string[];
}

/** That all could be asked, and none can do it. */
export function nobodyOffers(derivation: Derivation, lacks: readonly Lacks[]): Diagnostic {
  const remedies = remediesIn(lacks);
  return {
    code: 'CAB4001',
    severity: 'error',
    message: `no realizer offers what '${derivation.name}' requires: ${list(derivation.requiredRealizerFeatures)}`,
    notes: lacks.map(noteOn),
    hint: remedies === '' ? hintWithout(lacks) : remedies,
  };
}

/** The embedded one is among all that there are: where it was not asked, another was named. */
function hintWithout(lacks: readonly Lacks[]): string {
  const [only] = lacks;
  if (lacks.length === 1 && only !== undefined && only.member.name !== 'embedded')
    return 'another may offer them: build without --realizer; or require fewer of them';
  return 'check the spelling of the features, or require fewer of them';
}

/** That nobody can do it of those who could be asked, and of the others some are down. */
export function nobodyLeft(derivation: Derivation, opinions: readonly Opinion[]): Diagnostic {
  const [only] = opinions;
  if (opinions.length === 1 && only?.kind === 'down') return only.outage.diagnostic;
  const required = derivation.requiredRealizerFeatures;
  const downs = opinions.filter((opinion) => opinion.kind === 'down');
  const notes = opinions.map((opinion) => {
    if (opinion.kind === 'lacks') return noteOn(opinion);
    const { name } = opinion.member;
    if (opinion.kind === 'offers') return `the realizer '${name}' can do it, and was set aside meanwhile`;
    return `the realizer '${name}' is down: ${opinion.outage.diagnostic.message}`;
  });
  const hints = new Set(
    downs.map(({ outage }) => outage.diagnostic.hint).filter((hint) => hint !== undefined),
  );
  return {
    code: 'CAB4050',
    severity: 'error',
    message: `no realizer is left for '${derivation.name}', which requires ${list(required)}`,
    notes,
    hint: hints.size > 0 ? [...hints].join('; ') : 'run the same again once it is up',
  };
}

/** That realizers went down while they had it. */
export function lostOnTheWay(derivation: Derivation, errors: readonly RealizerUnavailable[]): Diagnostic {
  return {
    code: 'CAB4051',
    severity: 'error',
    message: `'${derivation.name}' was not finished: ${errors.length === 1 ? 'the realizer' : 'each realizer'} that ran it went down`,
    notes: errors.map(({ realizer, diagnostic }) => `the realizer '${realizer}': ${diagnostic.message}`),
    hint: 'run the same again: what was finished is known; where it is always this one, see whether it takes the machine down',
  };
}

/** Not a failure: that a realizer is left alone, and others do its work. */
export function setAsideFor({ realizer, diagnostic }: RealizerUnavailable): Diagnostic {
  return {
    code: 'CAB4052',
    severity: 'warning',
    message: `the realizer '${realizer}' is set aside for a while: ${diagnostic.message}`,
    ...(diagnostic.notes !== undefined && { notes: diagnostic.notes }),
    hint: `others do its work where they can; ${diagnostic.hint ?? 'it is asked again later'}`,
  };
}

function remediesIn(lacks: readonly Lacks[]): string {
  const remedies = lacks.flatMap(({ lacking }) => [...lacking.values()]).filter((remedy) => remedy !== '');
  return [...new Set(remedies)].join('; ');
}

function noteOn({ member, lacking, offered = [] }: Lacks): string {
  const sorted = offered.toSorted();
  const named = [...lacking.keys()].toSorted();
  const offers = `the realizer '${member.name}' offers ${list(sorted)}`;
  return named.every((feature) => offered.includes(feature))
    ? `${offers}, but runs no program that has ${list(named)} together`
    : `${offers}, and lacks ${list(named)}`;
}

function list(features: readonly string[]): string {
  return features.length === 0 ? 'nothing' : features.map((feature) => `'${feature}'`).join(', ');
}
