import {
  type Shape,
  bindingsOf,
  keysOf,
  patternOf,
  staticName,
  tokenOf,
} from '../language/resolution/index.ts';
import type { SyntaxNode } from '../language/syntax/index.ts';
import { type AnalysedFile, analysed, textAt } from './files/analysed-file.ts';

/** How long a value may be that is shown as it is written, and how many names of a set are. */
const textLimit = 80;
const namesLimit = 12;

/** A value in one line: as it is written where that is short, else what is known of its form. */
export function shownValue(
  file: AnalysedFile,
  value: SyntaxNode | undefined,
  shape: Shape | undefined,
): string {
  const written = value === undefined ? undefined : textAt(file, value);
  if (written !== undefined && written.length <= textLimit && !written.includes('\n')) return written;
  switch (shape?.kind) {
    case 'attributes':
      return `{ ${listed([...shape.members.keys()])}}`;
    case 'lambda':
      return `${parameterOf(analysed(shape.file), shape.node)} => …`;
    case 'global':
      return shape.applied === 0 ? shape.name : `${shape.name} …`;
    case 'literal':
    case undefined:
    default:
      return written === undefined
        ? '…'
        : `${(written.split('\n', 1)[0] ?? '').slice(0, textLimit).trimEnd()} …`;
  }
}

/** The parameter of a lambda: a name, or the names of its pattern. */
export function parameterOf(file: AnalysedFile, lambda: SyntaxNode): string {
  const pattern = patternOf(lambda);
  if (pattern === undefined) {
    const parameter = lambda.children.find(({ kind }) => kind === 'parameter');
    return parameter === undefined
      ? '…'
      : textAt(file, { start: parameter.start, end: (parameter as SyntaxNode).end });
  }
  const names = bindingsOf(pattern).map((field) => staticName(keysOf(field)[0] ?? field) ?? '…');
  const dots = tokenOf(pattern, '...') === undefined ? '' : '..., ';
  return `{ ${listed(names)}${dots}}`;
}

function listed(names: readonly string[]): string {
  const shown = names.slice(0, namesLimit).map((name) => `${name}, `);
  return `${shown.join('')}${names.length > namesLimit ? '…, ' : ''}`;
}

/** The comment lines directly above a binding, without their signs: what its author says of it. */
export function commentBefore({ source }: AnalysedFile, binding: SyntaxNode): string {
  const lines = source.text.slice(0, binding.start).split('\n');
  if (!/^\s*$/.test(lines.pop() ?? '')) return '';
  const comment: string[] = [];
  for (let line = lines.pop(); line !== undefined; line = lines.pop()) {
    const text = /^\s*#(?!=) ?(.*?)\r?$/.exec(line)?.[1];
    if (text === undefined) break;
    comment.unshift(text);
  }
  return comment.join('  \n');
}
