import { nearest } from '../../diagnostics/index.ts';
import { globalNames } from '../../language/evaluation/index.ts';
import { type Use, visibleIn } from '../../language/resolution/index.ts';
import type { AnalysedFile } from '../files/analysed-file.ts';
import { type Finding, replaceBy } from './finding.ts';

/** Names that nothing binds, neither the text nor the evaluator. */
export function nameFindings({ resolution }: AnalysedFile): readonly Finding[] {
  return resolution.uses
    .filter(
      ({ definition, name, isDoubtful }) => definition === undefined && !isDoubtful && !globalNames.has(name),
    )
    .map(findingOf);
}

function findingOf({ name, start, end, scope, bare }: Use): Finding {
  const meant = nearest(name, [...visibleIn(scope).keys(), ...globalNames.keys()]);
  const place = { start, end };
  return {
    ...place,
    severity: 'error',
    code: 'CAB2001',
    message: `the name '${name}' is not defined`,
    hint: meant === undefined ? undefined : `did you mean '${meant}'?`,
    ...(meant !== undefined && {
      fixes: [replaceBy(place, bare === undefined ? meant : `${name} = ${meant}`)],
    }),
  };
}
