import { type Hover, MarkupKind } from 'vscode-languageserver';
import { type BuiltinDefinition, builtinNamed, globalNames } from '../../language/evaluation/index.ts';
import {
  type Definition,
  type Member,
  isBare,
  nodesAround,
  staticText,
  valueOf,
} from '../../language/resolution/index.ts';
import { unreachable } from '../../foundation/index.ts';
import type { SyntaxNode } from '../../language/syntax/index.ts';
import { commentBefore, shownValue } from '../describe.ts';
import { type AnalysedFile, analysed, rangeOf } from '../files/analysed-file.ts';
import { kindAt, placeNamedBy } from '../files/places.ts';
import { webPageOf } from '../islands/web-pages.ts';
import { writtenIsland } from '../islands/written-island.ts';
import { type Referent, namedAt } from '../referent.ts';
import type { Session } from '../session.ts';
import { codeBlock, inlineCode } from '../text.ts';

/** What there is to say about the thing at the offset. */
export function hoverAt(session: Session, file: AnalysedFile, offset: number): Hover | undefined {
  const named = namedAt(session, file, offset);
  const text = named && aboutReferent(session, named.referent);
  if (named !== undefined && text !== undefined) return hoverOf(file, named, text);
  const node = nodesAround(file.tree, offset).find(({ kind }) => kind === 'path' || kind === 'island');
  if (node === undefined) return undefined;
  const about = node.kind === 'path' ? aboutPath(file, node) : aboutIsland(session, file, node);
  return about === undefined ? undefined : hoverOf(file, node, about);
}

function hoverOf(file: AnalysedFile, place: { start: number; end: number }, value: string): Hover {
  return { contents: { kind: MarkupKind.Markdown, value }, range: rangeOf(file, place) };
}

function aboutReferent(session: Session, referent: Referent): string | undefined {
  switch (referent.kind) {
    case 'global':
      return aboutGlobal(referent.name);
    case 'variable':
      return aboutVariable(session, referent.file, referent.definition);
    case 'attribute':
      return aboutMember(session, referent.member);
    default:
      return unreachable(referent);
  }
}

function aboutGlobal(name: string): string | undefined {
  const builtin = builtinNamed(name);
  if (builtin !== undefined) return aboutBuiltin(builtin);
  if (name === 'builtins') return `${codeBlock(name)}\n\nAttributes with all builtins.`;
  return globalNames.has(name) ? codeBlock(name) : undefined;
}

export function aboutBuiltin(builtin: BuiltinDefinition): string {
  const { name, signature, description, details, example, furtherExamples = [] } = builtin;
  const examples = [example, ...furtherExamples].map(
    ({ expression, result }) => `${expression}\n# ${result.replaceAll('\n', '\n# ')}`,
  );
  const said = details === undefined ? description : `${description}\n\n${details}`;
  return `${codeBlock(`${name} : ${signature}`)}\n\n${said}\n\n${codeBlock(examples.join('\n\n'))}`;
}

function aboutVariable(session: Session, file: AnalysedFile, definition: Definition): string {
  const { name, kind, sites } = definition;
  const [site] = sites;
  const binding = site?.binding;
  const where = `line ${file.document.positionAt(site?.start ?? 0).line + 1}`;
  const comment = binding === undefined ? '' : commentBefore(file, binding);
  const shape = session.shapes.shapeOfDefinition(file, definition);
  switch (kind) {
    case 'let': {
      const value = sites.length === 1 && binding !== undefined ? valueOf(binding) : undefined;
      return joined(
        codeBlock(`${name} = ${shownValue(file, value, shape)}`),
        comment,
        `Bound by \`let\` in ${where}.`,
      );
    }
    case 'field': {
      const value = binding === undefined || isBare(binding) ? undefined : valueOf(binding);
      const code = value === undefined ? name : `${name} = ${shownValue(file, value, undefined)}`;
      const word = value === undefined ? 'An argument' : 'An argument with a default';
      return joined(codeBlock(code), comment, `${word} of the lambda in ${where}.`);
    }
    case 'parameter':
      return joined(codeBlock(`${name} => …`), '', `The parameter of the lambda in ${where}.`);
    case 'arguments':
      return joined(
        codeBlock(`${name} @ ${shownValue(file, undefined, shape)}`),
        '',
        `All arguments of the lambda in ${where}.`,
      );
    case 'self':
      return joined(
        codeBlock(`${name} @ ${shownValue(file, undefined, shape)}`),
        '',
        `The attributes themselves, in ${where}.`,
      );
    default:
      return unreachable(kind);
  }
}

function aboutMember(session: Session, member: Member): string {
  const file = analysed(member.file);
  const [entry] = member.entries;
  const [key] = member.keys;
  const binding = entry?.binding;
  const shape = session.shapes.shapeOfMember(member);
  const line = file.document.positionAt(key?.start ?? 0).line + 1;
  const comment = binding === undefined ? '' : commentBefore(file, binding);
  return joined(
    codeBlock(`${member.name} = ${shownValue(file, wholeValue(member), shape)}`),
    comment,
    `An attribute bound in line ${line} of ${inlineCode(shortPlace(file))}.`,
  );
}

/** The value of an attribute that one binding binds whole. */
function wholeValue({ entries }: Member): SyntaxNode | undefined {
  const [entry, ...more] = entries;
  if (entry === undefined || more.length > 0) return undefined;
  const keys = entry.binding.children.filter(({ kind }) => kind === 'key').length;
  return keys === entry.depth + 1 ? valueOf(entry.binding) : undefined;
}

function shortPlace({ place, uri }: AnalysedFile): string {
  return (place ?? uri).split('/').slice(-2).join('/');
}

function aboutPath(file: AnalysedFile, node: SyntaxNode): string | undefined {
  const place = placeNamedBy(file, node);
  if (place === undefined) return staticText(node) === undefined ? 'A path that is computed.' : undefined;
  const kind = kindAt(place);
  const what = kind === undefined ? 'Nothing is there' : kind === 'directory' ? 'A folder' : 'A file';
  return `${what}: ${inlineCode(place)}`;
}

function aboutIsland(session: Session, file: AnalysedFile, node: SyntaxNode): string | undefined {
  const { type, result } = writtenIsland(node);
  if (result === undefined) return `An island of type ${inlineCode(type)} that is computed.`;
  if (!result.ok) return undefined;
  const { island } = result;
  const lines = [codeBlock(`<${island.key}>`), `An island of type ${inlineCode(type)}.`];
  const place = placeNamedBy(file, node);
  if (place !== undefined) lines.push(`It lies at ${inlineCode(place)}.`);
  const pins =
    island.source.kind === 'fetched' ? session.locks.pinsFor(file.place).get(island.key) : undefined;
  if (pins !== undefined) {
    lines.push(
      Object.entries(pins)
        .map(([format, value]) => `- ${format}: ${inlineCode(value)}`)
        .join('\n'),
    );
  } else if (island.source.kind === 'fetched') {
    lines.push('It is not in cab.lock: the next build pins it.');
  }
  const page = webPageOf(island);
  if (page !== undefined) lines.push(`[${page}](${page})`);
  return joined(...lines);
}

function joined(...paragraphs: readonly string[]): string {
  return paragraphs.filter((paragraph) => paragraph !== '').join('\n\n');
}
