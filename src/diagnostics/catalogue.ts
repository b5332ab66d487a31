import { evaluationCodes } from './catalogue/evaluation.ts';
import { islandCodes } from './catalogue/islands.ts';
import { commandCodes } from './catalogue/command.ts';
import { realizerCodes } from './catalogue/realizer.ts';
import { storeCodes } from './catalogue/store.ts';
import { syntaxCodes } from './catalogue/syntax.ts';

/** Every code, with one line on what it means. Codes are never reused: a retired one keeps its line. */
export const catalogue = {
  ...syntaxCodes,
  ...evaluationCodes,
  ...islandCodes,
  ...realizerCodes,
  ...storeCodes,
  ...commandCodes,
} as const;
