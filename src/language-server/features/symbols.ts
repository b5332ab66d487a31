import {
  type CancellationToken,
  type DocumentSymbol,
  SymbolKind,
  type WorkspaceSymbol,
} from 'vscode-languageserver';
import {
  bindingsOf,
  bodyOf,
  isBare,
  keysOf,
  operandsOf,
  staticName,
  valueOf,
  withinParentheses,
} from '../../language/resolution/index.ts';
import type { NodeKind, SyntaxNode } from '../../language/syntax/index.ts';
import { parameterOf } from '../describe.ts';
import { type AnalysedFile, rangeOf, textAt } from '../files/analysed-file.ts';
import { filesOf } from '../files/project-files.ts';
import type { Session } from '../session.ts';

/** How many symbols one question is answered with. */
const symbolsLimit = 512;

/** The bindings of a document, as they lie in one another. */
export function documentSymbols(file: AnalysedFile): DocumentSymbol[] {
  return symbolsIn(file, file.tree);
}

function symbolsIn(file: AnalysedFile, written: SyntaxNode | undefined): DocumentSymbol[] {
  const node = written && withinParentheses(written);
  if (node === undefined) return [];
  if (node.kind === 'attributes') return bindingSymbols(file, node);
  if (node.kind === 'let') return [...bindingSymbols(file, node), ...symbolsIn(file, bodyOf(node))];
  if (node.kind === 'lambda') return symbolsIn(file, bodyOf(node));
  return passedThrough.has(node.kind) ? operandsOf(node).flatMap((operand) => symbolsIn(file, operand)) : [];
}

/** What has bindings only within its operands. */
const passedThrough: ReadonlySet<NodeKind> = new Set<NodeKind>(['apply', 'pipe', 'binary', 'if', 'list']);

function bindingSymbols(file: AnalysedFile, node: SyntaxNode): DocumentSymbol[] {
  return bindingsOf(node).flatMap((binding) => {
    const keys = keysOf(binding);
    const [first, last] = [keys[0], keys.at(-1)];
    if (first === undefined || last === undefined) return [];
    const value = isBare(binding) ? undefined : valueOf(binding);
    const inner = value && withinParentheses(value);
    const name = keys.map((key) => staticName(key) ?? textAt(file, key)).join('.');
    return [
      {
        // A name is never empty for an editor.
        name: name === '' ? '""' : name,
        kind: symbolKinds[inner?.kind ?? 'hole'] ?? SymbolKind.Variable,
        ...(inner?.kind === 'lambda' && { detail: `${parameterOf(file, inner)} =>` }),
        range: rangeOf(file, binding),
        selectionRange: rangeOf(file, { start: first.start, end: last.end }),
        children: symbolsIn(file, value),
      },
    ];
  });
}

const symbolKinds: Partial<Record<NodeKind, SymbolKind>> = {
  lambda: SymbolKind.Function,
  attributes: SymbolKind.Namespace,
  list: SymbolKind.Array,
  string: SymbolKind.String,
  integer: SymbolKind.Number,
  float: SymbolKind.Number,
  path: SymbolKind.File,
  island: SymbolKind.File,
  apply: SymbolKind.Object,
  pipe: SymbolKind.Object,
};

/** The bindings of all files whose name has the letters of the query in it, in their order. */
export async function workspaceSymbols(
  session: Session,
  query: string,
  token: CancellationToken,
): Promise<WorkspaceSymbol[]> {
  const found: WorkspaceSymbol[] = [];
  for await (const file of filesOf(session.files, session.folders, token)) {
    for (const symbol of flat(documentSymbols(file))) {
      if (found.length >= symbolsLimit) return found;
      if (!matches(symbol.name, query)) continue;
      const { name, kind, selectionRange } = symbol;
      found.push({ name, kind, location: { uri: file.uri, range: selectionRange } });
    }
  }
  return found;
}

function* flat(symbols: readonly DocumentSymbol[]): Generator<DocumentSymbol> {
  for (const symbol of symbols) {
    yield symbol;
    yield* flat(symbol.children ?? []);
  }
}

function matches(name: string, query: string): boolean {
  const [letters, wanted] = [name.toLowerCase(), query.toLowerCase()];
  let at = 0;
  for (const letter of wanted) {
    at = letters.indexOf(letter, at) + 1;
    if (at === 0) return false;
  }
  return true;
}
