import type { DiagnosticCode } from '../diagnostic.ts';
import { commandExplanations } from './command.ts';
import { evaluationExplanations } from './evaluation.ts';
import type { Explanation, LanguageExplanation } from './explanation.ts';
import { islandExplanations } from './islands.ts';
import { realizerExplanations } from './realizer.ts';
import { storeExplanations } from './store.ts';
import { syntaxExplanations } from './syntax.ts';

/** What is said about each code. */
export const explanations: Readonly<Record<DiagnosticCode, Explanation | LanguageExplanation>> = {
  ...syntaxExplanations,
  ...evaluationExplanations,
  ...islandExplanations,
  ...realizerExplanations,
  ...storeExplanations,
  ...commandExplanations,
};
