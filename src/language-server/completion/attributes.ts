import { CompletionItemKind } from 'vscode-languageserver';
import {
  type Member,
  type Place,
  type Shape,
  isBare,
  operandsOf,
  valueOf,
} from '../../language/resolution/index.ts';
import type { SyntaxNode } from '../../language/syntax/index.ts';
import { commentBefore, shownValue } from '../describe.ts';
import { type AnalysedFile, analysed } from '../files/analysed-file.ts';
import type { Candidate } from '../features/completion.ts';
import { islandTypes } from '../../workspace/index.ts';
import { writtenIsland } from '../islands/written-island.ts';
import { parametersFor } from '../referent.ts';
import type { Session } from '../session.ts';
import { writtenName } from '../text.ts';
import { boundIn } from './context.ts';
import { globalCandidates, nameCompletions } from './names.ts';

/** The attributes behind a dot, as far as it is known what stands before it. */
export function attributeCompletions(
  session: Session,
  file: AnalysedFile,
  owner: SyntaxNode,
  path: readonly (string | undefined)[],
): readonly Candidate[] {
  const [subject] = operandsOf(owner);
  const shape = session.shapes.select(session.shapes.shapeOf(file, subject), path);
  if (shape?.kind === 'global' && shape.name === 'builtins') return globalCandidates();
  return shape?.kind === 'attributes' ? membersOf(session, shape) : [];
}

function membersOf(session: Session, shape: Shape & { readonly kind: 'attributes' }): readonly Candidate[] {
  return [...shape.members.values()].flatMap((member) => {
    const text = writtenName(member.name);
    return text === undefined ? [] : [memberCandidate(session, member, text)];
  });
}

function memberCandidate(session: Session, member: Member, text: string): Candidate {
  const shape = session.shapes.shapeOfMember(member);
  const file = analysed(member.file);
  const binding = member.entries[0]?.binding;
  const documentation = binding === undefined ? '' : commentBefore(file, binding);
  const kind = shape?.kind === 'lambda' ? CompletionItemKind.Method : CompletionItemKind.Property;
  const detail = shownValue(file, undefined, shape);
  return {
    label: member.name,
    text,
    kind,
    group: 1,
    ...(detail !== '…' && { detail }),
    ...(documentation !== '' && { documentation }),
  };
}

/** What may be named in braces: what the lambda takes whose argument they are, an island's options, and variables that stand alone. */
export function keyCompletions(
  session: Session,
  file: AnalysedFile,
  context: Place & { readonly container: SyntaxNode; readonly outer: readonly SyntaxNode[] },
): readonly Candidate[] {
  const { container, outer, start } = context;
  const bound = boundIn(container, context);
  const isNew = ({ label }: Candidate): boolean => !bound.has(label);
  const [around] = outer;
  if (around?.kind === 'island') return optionCandidates(writtenIsland(around).type).filter(isNew);
  const parameters = parametersFor(session, file, container, outer);
  const fields = parameters === undefined ? [] : [...parameters.members.values()].flatMap(fieldCandidate);
  const names = new Set(fields.map(({ label }) => label));
  const variables = nameCompletions(session, file, start).filter(
    ({ group, label }) => group === 1 && !names.has(label),
  );
  return [...fields, ...variables].filter(isNew);
}

function fieldCandidate(member: Member): readonly Candidate[] {
  const text = writtenName(member.name);
  const field = member.entries[0]?.binding;
  if (text === undefined || field === undefined) return [];
  const fallback = isBare(field) ? undefined : valueOf(field);
  const detail =
    fallback === undefined ? 'needed' : `default ${shownValue(analysed(member.file), fallback, undefined)}`;
  return [
    {
      label: member.name,
      text: `${text} = `,
      kind: CompletionItemKind.Field,
      detail,
      group: 0,
      ...documented(commentBefore(analysed(member.file), field)),
    },
  ];
}

function documented(documentation: string): { documentation?: string } {
  return documentation === '' ? {} : { documentation };
}

function optionCandidates(type: string): readonly Candidate[] {
  const { options = [] } = islandTypes.get(type) ?? {};
  return options.map((label) => ({
    label,
    text: `${label} = `,
    kind: CompletionItemKind.Field,
    detail: `an option of ${type}`,
    group: 0,
  }));
}
