import { type FoldingRange, FoldingRangeKind, type SelectionRange } from 'vscode-languageserver';
import { type NodeKind, type SyntaxNode, isNode, tokensOf } from '../../language/syntax/index.ts';
import { elementsAt, endOf, tokenOf } from '../../language/resolution/index.ts';
import { type AnalysedFile, rangeOf } from '../files/analysed-file.ts';

/** What has its own lines between brackets of its own, and what closes it, which stays visible. */
const foldable: ReadonlyMap<NodeKind, string> = new Map([
  ['attributes', '}'],
  ['pattern', '}'],
  ['list', ']'],
  ['parenthesized', ')'],
  ['string', 'string-end'],
  ['let', 'in'],
]);

/** What an editor may fold: everything between brackets, the bindings of a `let`, strings and comments of several lines. */
export function foldingRanges(file: AnalysedFile): FoldingRange[] {
  return [...nodeRanges(file, file.tree), ...commentRanges(file)].toSorted(
    (left, right) => left.startLine - right.startLine || right.endLine - left.endLine,
  );
}

function nodeRanges(file: AnalysedFile, tree: SyntaxNode): FoldingRange[] {
  const ranges: FoldingRange[] = [];
  const pending: SyntaxNode[] = [tree];
  for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
    for (const child of node.children) if (isNode(child)) pending.push(child);
    const closer = foldable.get(node.kind);
    if (closer === undefined) continue;
    const closing = tokenOf(node, closer as Parameters<typeof tokenOf>[1]);
    const startLine = lineOf(file, node.start);
    // The line of the bracket that closes it is not folded away.
    const endLine = closing === undefined ? lineOf(file, node.end) : lineOf(file, closing.start) - 1;
    if (endLine > startLine) ranges.push({ startLine, endLine });
  }
  return ranges;
}

function commentRanges(file: AnalysedFile): FoldingRange[] {
  const ranges: FoldingRange[] = [];
  let open: { startLine: number; endLine: number } | undefined;
  const close = (): void => {
    if (open !== undefined && open.endLine > open.startLine)
      ranges.push({ ...open, kind: FoldingRangeKind.Comment });
    open = undefined;
  };
  for (const token of tokensOf(file.tree)) {
    if (token.kind === 'whitespace') continue;
    if (token.kind !== 'comment') {
      close();
      continue;
    }
    const [startLine, endLine] = [lineOf(file, token.start), lineOf(file, endOf(token))];
    if (open?.endLine === startLine - 1) open.endLine = endLine;
    else {
      close();
      open = { startLine, endLine };
    }
  }
  close();
  return ranges;
}

function lineOf({ document }: AnalysedFile, offset: number): number {
  return document.positionAt(offset).line;
}

/** The ever larger pieces of text around each offset. */
export function selectionRanges(file: AnalysedFile, offsets: readonly number[]): SelectionRange[] {
  return offsets.map((offset) => {
    let selection: SelectionRange = { range: rangeOf(file, { start: 0, end: file.source.text.length }) };
    for (const element of elementsAt(file.tree, offset)) {
      if (!isNode(element) && (element.kind === 'whitespace' || element.kind === 'end')) continue;
      const range = rangeOf(file, { start: element.start, end: endOf(element) });
      if (!isSame(range, selection.range)) selection = { range, parent: selection };
    }
    return selection;
  });
}

function isSame(left: SelectionRange['range'], right: SelectionRange['range']): boolean {
  return (
    left.start.line === right.start.line &&
    left.start.character === right.start.character &&
    left.end.line === right.end.line &&
    left.end.character === right.end.character
  );
}
