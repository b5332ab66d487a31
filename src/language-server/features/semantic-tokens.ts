import {
  type Range,
  type SemanticTokensLegend,
  SemanticTokensBuilder,
  type SemanticTokens,
} from 'vscode-languageserver';
import { globalNames, builtinDefinitions } from '../../language/evaluation/index.ts';
import type { Definition, Resolution } from '../../language/resolution/index.ts';
import { type SyntaxNode, type Token, isNode, keywords } from '../../language/syntax/index.ts';
import type { AnalysedFile } from '../files/analysed-file.ts';

const types = [
  'comment',
  'keyword',
  'string',
  'number',
  'operator',
  'variable',
  'parameter',
  'property',
  'function',
  'namespace',
] as const;
const modifiers = ['declaration', 'defaultLibrary', 'readonly'] as const;

type TokenType = (typeof types)[number];
type Modifier = (typeof modifiers)[number];

export const semanticTokensLegend: SemanticTokensLegend = {
  tokenTypes: [...types],
  tokenModifiers: [...modifiers],
};

interface Meaning {
  readonly type: TokenType;
  readonly modifiers: readonly Modifier[];
}

/** What each token means, for colours that follow meaning; of a range, or of the whole document. */
export function semanticTokens(file: AnalysedFile, range?: Range): SemanticTokens {
  const { document, source, tree, resolution } = file;
  const [from, to] =
    range === undefined
      ? [0, source.text.length]
      : [document.offsetAt(range.start), document.offsetAt(range.end)];
  const writer = new LineWriter(file);
  const meanings = meaningsOf(resolution);
  walk(tree, from, to, (token, parent) => {
    const meaning = meaningOf(token, parent, meanings);
    if (meaning !== undefined) writer.write(token, meaning);
  });
  return writer.build();
}

function walk(
  node: SyntaxNode,
  from: number,
  to: number,
  visit: (token: Token, parent: SyntaxNode) => void,
): void {
  for (const child of node.children) {
    if (child.start > to) return;
    if (!isNode(child)) {
      if (child.start + child.text.length >= from) visit(child, node);
    } else if (child.end >= from) {
      walk(child, from, to, visit);
    }
  }
}

/** Variables by the offset at which they are named. */
function meaningsOf({ definitions, uses }: Resolution): ReadonlyMap<number, Meaning> {
  const meanings = new Map<number, Meaning>();
  for (const { start, name, definition } of uses) {
    const meaning =
      definition === undefined ? globalMeaning(name) : { type: variableType(definition), modifiers: [] };
    if (meaning !== undefined) meanings.set(start, meaning);
  }
  for (const definition of definitions) {
    const meaning: Meaning = { type: variableType(definition), modifiers: ['declaration'] };
    for (const { start } of definition.sites) meanings.set(start, meaning);
  }
  return meanings;
}

const builtinNames = new Set(builtinDefinitions.map(({ name }) => name));

function globalMeaning(name: string): Meaning | undefined {
  if (builtinNames.has(name)) return { type: 'function', modifiers: ['defaultLibrary'] };
  if (!globalNames.has(name)) return undefined;
  return name === 'builtins'
    ? { type: 'namespace', modifiers: ['defaultLibrary'] }
    : { type: 'keyword', modifiers: ['readonly'] };
}

function variableType({ kind }: Definition): TokenType {
  return kind === 'let' || kind === 'self' ? 'variable' : 'parameter';
}

function meaningOf(
  token: Token,
  parent: SyntaxNode,
  meanings: ReadonlyMap<number, Meaning>,
): Meaning | undefined {
  if (token.kind !== 'identifier') return meaningsByKind.get(token.kind);
  return meanings.get(token.start) ?? (parent.kind === 'key' ? plain('property') : undefined);
}

function plain(type: TokenType): Meaning {
  return { type, modifiers: [] };
}

const kindsByType: Partial<Record<TokenType, readonly Token['kind'][]>> = {
  comment: ['comment'],
  number: ['integer', 'float'],
  string: [
    'string-start',
    'string-end',
    'text',
    'escape',
    'path',
    'island-start',
    'island-subtree',
    'island-end',
  ],
  property: ['quote-start', 'quote-end'],
  keyword: keywords,
  operator: [
    ...(['<|', '|>', '->', '||', '&&', '==', '!=', '<', '<=', '>', '>=', '//'] as const),
    ...(['!', '++', '+', '-', '*', '/', '?', '=>', '@'] as const),
  ],
};

/** What tokens mean wherever they stand. */
const meaningsByKind: ReadonlyMap<Token['kind'], Meaning> = new Map(
  Object.entries(kindsByType).flatMap(([type, kinds]) =>
    kinds.map((kind) => [kind, plain(type as TokenType)] as const),
  ),
);

/** Writes tokens line by line, since an editor need not understand one that goes over several. */
class LineWriter {
  readonly #file: AnalysedFile;
  readonly #builder = new SemanticTokensBuilder();

  constructor(file: AnalysedFile) {
    this.#file = file;
  }

  write({ text, start }: Token, { type, modifiers: applied }: Meaning): void {
    const { line, character } = this.#file.document.positionAt(start);
    const bits = applied.reduce((sum, modifier) => sum | (1 << modifiers.indexOf(modifier)), 0);
    const lines = text.includes('\n') || text.includes('\r') ? text.split(/\r\n|\n|\r/) : [text];
    for (const [index, piece] of lines.entries()) {
      if (piece.length === 0) continue;
      this.#builder.push(line + index, index === 0 ? character : 0, piece.length, types.indexOf(type), bits);
    }
  }

  build(): SemanticTokens {
    return this.#builder.build();
  }
}
