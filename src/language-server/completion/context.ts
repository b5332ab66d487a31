import {
  type Place,
  elementsAt,
  endOf,
  isBare,
  keysOf,
  nodesOver,
  staticName,
  tokenBefore,
} from '../../language/resolution/index.ts';
import { type SyntaxElement, type SyntaxNode, type Token, isNode } from '../../language/syntax/index.ts';
import type { AnalysedFile } from '../files/analysed-file.ts';

/** What is being written at the cursor; `start` and `end` are the word that a completion replaces. */
export type CompletionContext = Place &
  (
    | { readonly kind: 'nothing' }
    /** The last name of a path, behind the path of its folder as written. */
    | { readonly kind: 'path'; readonly folder: string }
    | { readonly kind: 'island-type' }
    | { readonly kind: 'island-body'; readonly type: string; readonly written: string }
    /** Behind a dot: `owner` is the selection, `path` the names between its subject and the dot. */
    | {
        readonly kind: 'attribute';
        readonly owner: SyntaxNode;
        readonly path: readonly (string | undefined)[];
      }
    /** A name within braces. `outer` are the nodes around them. */
    | { readonly kind: 'key'; readonly container: SyntaxNode; readonly outer: readonly SyntaxNode[] }
    | { readonly kind: 'expression' }
  );

const word = /[\p{L}\p{M}\p{N}_'-]*$/u;

export function contextAt(file: AnalysedFile, offset: number): CompletionContext {
  const { text } = file.source;
  const line = text.slice(text.lastIndexOf('\n', offset - 1) + 1, offset);
  const elements = elementsAt(file.tree, offset);
  const touched = elements.at(-1) as SyntaxElement;
  const inText = insideText(touched, offset);
  const island = inText === 'code' || inText === 'island' ? islandContext(line, offset) : undefined;
  if (island !== undefined) return island;
  if (inText === 'text' || inText === 'comment') return { kind: 'nothing', start: offset, end: offset };
  const path = pathContext(line, offset);
  if (path !== undefined) return path;
  const written = word.exec(line)?.[0] ?? '';
  const start = offset - written.length;
  const place = { start, end: offset };
  // A number has letters in it, and is no name.
  if (/^[0-9]/.test(written)) return { kind: 'nothing', ...place };
  return { ...contextOfWord(file, start), ...place };
}

/** Where the touched token is no code: within a string or comment nothing is offered. */
function insideText(element: SyntaxElement, offset: number): 'code' | 'text' | 'comment' | 'island' {
  if (isNode(element)) return 'code';
  const { kind, start } = element;
  if (kind === 'comment') return start < offset ? 'comment' : 'code';
  if (kind === 'island-start') return 'island';
  return (kind === 'text' || kind === 'escape' || kind === 'string-start') && start < offset
    ? 'text'
    : 'code';
}

function islandContext(line: string, offset: number): CompletionContext | undefined {
  const type = /(?:^|[\s([{,=<|>!+\-*/&?])<([A-Za-z][A-Za-z0-9+.-]*|)$/.exec(line)?.[1];
  if (type !== undefined) return { kind: 'island-type', start: offset - type.length, end: offset };
  const body = /<([A-Za-z][A-Za-z0-9+.-]*):([^\s<>"]*)$/.exec(line);
  if (body === null) return undefined;
  const [, name = '', written = ''] = body;
  const last = written.slice(written.lastIndexOf('/') + 1);
  return { kind: 'island-body', type: name, written, start: offset - last.length, end: offset };
}

function pathContext(line: string, offset: number): CompletionContext | undefined {
  const written = /(?:^|[\s([{,=<|>!+\-*&?])((?:\.{1,2})?\/(?:[A-Za-z0-9._+@/-])*)$/.exec(line)?.[1];
  if (written === undefined || written === '/') return undefined;
  const folder = written.slice(0, written.lastIndexOf('/') + 1);
  return { kind: 'path', folder, start: offset - (written.length - folder.length), end: offset };
}

type Position = CompletionContext extends infer Context
  ? Context extends Place
    ? Omit<Context, keyof Place>
    : never
  : never;

/** What the token before the word makes of it. */
function contextOfWord(file: AnalysedFile, start: number): Position {
  const before = tokenBefore(file.tree, start);
  if (before === undefined) return { kind: 'expression' };
  const around = nodesOver(file.tree, before.start);
  if (before.kind === '.') return contextBehindDot(around, before);
  if (before.kind === '{' || before.kind === ',' || before.kind === ';') return contextInBraces(around);
  const bindsNext = before.kind === 'let' || before.kind === '@' || before.kind === '...';
  return { kind: bindsNext ? 'nothing' : 'expression' };
}

function contextBehindDot(around: readonly SyntaxNode[], dot: Token): Position {
  const at = around.findIndex((node) =>
    node.children.some((child) => child.kind === '.' && child.start === dot.start),
  );
  const owner = around[at];
  if (owner === undefined) return { kind: 'nothing' };
  const path = keysOf(owner)
    .filter((key) => key.end <= dot.start)
    .map(staticName);
  if (owner.kind === 'select' || owner.kind === 'has-attribute') return { kind: 'attribute', owner, path };
  return { kind: 'nothing' };
}

function contextInBraces(around: readonly SyntaxNode[]): Position {
  const at = around.findIndex(({ kind }) =>
    ['attributes', 'pattern', 'let', 'list', 'parenthesized'].includes(kind),
  );
  const container = around[at];
  if (container?.kind === 'attributes') return { kind: 'key', container, outer: around.slice(at + 1) };
  return { kind: container?.kind === 'pattern' || container?.kind === 'let' ? 'nothing' : 'expression' };
}

/** The names that braces bind already, but for the one that is being written. */
export function boundIn(container: SyntaxNode, written: Place): ReadonlySet<string | undefined> {
  const bindings = container.children.filter((child): child is SyntaxNode => child.kind === 'binding');
  const others = bindings.filter((binding) => !(isBare(binding) && binding.start === written.start));
  return new Set(
    others
      .filter((binding) => endOf(binding) < written.start || binding.start > written.end)
      .flatMap((binding) => keysOf(binding).slice(0, 1).map(staticName)),
  );
}
