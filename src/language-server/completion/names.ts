import { CompletionItemKind } from 'vscode-languageserver';
import { builtinDefinitions, globalNames } from '../../language/evaluation/index.ts';
import { type Definition, scopeAt, visibleIn } from '../../language/resolution/index.ts';
import { keywords } from '../../language/syntax/index.ts';
import { shownValue } from '../describe.ts';
import type { AnalysedFile } from '../files/analysed-file.ts';
import type { Candidate } from '../features/completion.ts';
import type { Session } from '../session.ts';
import { writtenName } from '../text.ts';

/** The names that are visible at an offset, the builtins behind them, and the keywords. */
export function nameCompletions(session: Session, file: AnalysedFile, offset: number): readonly Candidate[] {
  const visible = visibleIn(scopeAt(file.resolution, offset));
  const local = [...visible.values()].flatMap((definition) => localCandidate(session, file, definition));
  const hidden = ({ label }: Candidate): boolean => !visible.has(label);
  return [...local, ...globalCandidates().filter(hidden), ...keywordCandidates];
}

function localCandidate(session: Session, file: AnalysedFile, definition: Definition): readonly Candidate[] {
  const text = writtenName(definition.name);
  if (text === undefined) return [];
  const shape = session.shapes.shapeOfDefinition(file, definition);
  const kind = shape?.kind === 'lambda' ? CompletionItemKind.Function : CompletionItemKind.Variable;
  const detail = shape === undefined ? words[definition.kind] : shownValue(file, undefined, shape);
  return [
    {
      label: definition.name,
      text,
      kind,
      detail: detail === '…' ? words[definition.kind] : detail,
      group: 1,
    },
  ];
}

const words: Readonly<Record<Definition['kind'], string>> = {
  let: 'let',
  parameter: 'parameter',
  field: 'argument',
  arguments: 'all arguments',
  self: 'the attributes themselves',
};

/** Builtins with their signatures, and the constants. */
export function globalCandidates(): readonly Candidate[] {
  const builtins = builtinDefinitions.map(({ name, signature }): Candidate => ({
    label: name,
    kind: CompletionItemKind.Function,
    detail: signature,
    group: 2,
    builtin: name,
  }));
  const known = new Set(builtins.map(({ label }) => label));
  const constants = [...globalNames.keys()].filter((name) => !known.has(name));
  return [
    ...builtins,
    ...constants.map((label): Candidate => ({ label, kind: CompletionItemKind.Constant, group: 2 })),
  ];
}

const keywordCandidates: readonly Candidate[] = keywords.map((label) => ({
  label,
  kind: CompletionItemKind.Keyword,
  group: 3,
}));
