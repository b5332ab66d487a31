import { evaluationCodes } from './catalogue/evaluation.ts';
import { islandCodes } from './catalogue/islands.ts';
import { commandCodes } from './catalogue/command.ts';
import { realizerCodes } from './catalogue/realizer.ts';
import { storeCodes } from './catalogue/store.ts';
import { syntaxCodes } from './catalogue/syntax.ts';

/**
 * Every code, with one line on what it means; `explanations/` says more of each. Codes are never reused: a retired one keeps
 * its line.
 */
export const catalogue = {
  ...syntaxCodes,
  ...evaluationCodes,
  ...islandCodes,
  ...realizerCodes,
  ...storeCodes,
  ...commandCodes,
} as const;

/** The codes by what they are about, in the order of their numbers. */
export const codeGroups = [
  { name: 'syntax', title: 'the text of an expression', codes: syntaxCodes },
  { name: 'evaluation', title: 'evaluating an expression', codes: evaluationCodes },
  { name: 'islands', title: 'islands, their origins and the lock', codes: islandCodes },
  { name: 'building', title: 'realizing derivations', codes: realizerCodes },
  { name: 'store', title: 'the store', codes: storeCodes },
  {
    name: 'command',
    title: "the command line, the configuration, and Cab's own faults",
    codes: commandCodes,
  },
] as const;
