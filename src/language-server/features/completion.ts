import {
  type CompletionItem,
  type CompletionItemKind,
  type CompletionList,
  MarkupKind,
} from 'vscode-languageserver';
import { attributeCompletions, keyCompletions } from '../completion/attributes.ts';
import { islandCompletions } from '../completion/islands.ts';
import { nameCompletions } from '../completion/names.ts';
import { pathCompletions } from '../completion/paths.ts';
import { contextAt } from '../completion/context.ts';
import { builtinNamed } from '../../language/evaluation/index.ts';
import { unreachable } from '../../foundation/index.ts';
import { rangeOf, type AnalysedFile } from '../files/analysed-file.ts';
import type { Session } from '../session.ts';
import { aboutBuiltin } from './hover.ts';

/** Something that could be written at the cursor. */
export interface Candidate {
  readonly label: string;
  readonly kind: CompletionItemKind;
  readonly detail?: string | undefined;
  readonly documentation?: string | undefined;
  /** What is written; the label where nothing is said. */
  readonly text?: string;
  /** The nearer before the farther: a group, in which names are in their own order. */
  readonly group?: number;
  /** Set for a builtin, whose documentation is sent when it is looked at. */
  readonly builtin?: string;
}

/** What may stand at the offset. */
export function completionsAt(session: Session, file: AnalysedFile, offset: number): CompletionList {
  const context = contextAt(file, offset);
  const range = rangeOf(file, { start: context.start, end: context.end });
  const items = candidatesFor(session, file, context).map((candidate) => itemOf(candidate, range));
  return { isIncomplete: false, items };
}

function candidatesFor(
  session: Session,
  file: AnalysedFile,
  context: ReturnType<typeof contextAt>,
): readonly Candidate[] {
  switch (context.kind) {
    case 'nothing':
      return [];
    case 'path':
      return pathCompletions(file, context.folder);
    case 'island-type':
    case 'island-body':
      return islandCompletions(file, context);
    case 'attribute':
      return attributeCompletions(session, file, context.owner, context.path);
    case 'key':
      return keyCompletions(session, file, context);
    case 'expression':
      return nameCompletions(session, file, context.start);
    default:
      return unreachable(context);
  }
}

function itemOf(candidate: Candidate, range: ReturnType<typeof rangeOf>): CompletionItem {
  const { label, kind, detail, documentation, text = label, group = 5, builtin } = candidate;
  return {
    label,
    kind,
    sortText: `${group}${label}`,
    textEdit: { range, newText: text },
    ...(detail !== undefined && { detail }),
    ...(documentation !== undefined && {
      documentation: { kind: MarkupKind.Markdown, value: documentation },
    }),
    ...(builtin !== undefined && { data: { builtin } }),
  };
}

/** The documentation of a candidate that the user looks at. */
export function completedItem(item: CompletionItem): CompletionItem {
  const { builtin } = (item.data ?? {}) as { builtin?: unknown };
  const definition = typeof builtin === 'string' ? builtinNamed(builtin) : undefined;
  if (definition === undefined) return item;
  return { ...item, documentation: { kind: MarkupKind.Markdown, value: aboutBuiltin(definition) } };
}
