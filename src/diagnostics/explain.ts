import type { DiagnosticCode } from './diagnostic.ts';
import type { Explanation, LanguageExplanation } from './explanations/explanation.ts';

export type { Explanation, LanguageExplanation } from './explanations/explanation.ts';

/** What is said about each code. It is much text that few runs need, and so loaded only by those. */
export async function loadExplanations(): Promise<
  Readonly<Record<DiagnosticCode, Explanation | LanguageExplanation>>
> {
  return (await import('./explanations/index.ts')).explanations;
}

/** The paragraphs of an explanation, each on one line; one that is indented is an example, and keeps its lines. */
export function paragraphsOf({ text }: Explanation): readonly string[] {
  return text
    .replace(/^\n/, '')
    .split('\n\n')
    .map((paragraph) => (paragraph.startsWith(' ') ? paragraph : paragraph.replaceAll('\n', ' ')));
}
