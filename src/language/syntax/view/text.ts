import type { Expression, Parts, PathExpression, StringExpression } from '../expression.ts';
import { nodeCodes } from '../tree.ts';
import { withoutIndentation } from './lines.ts';
import type { View } from './view.ts';

export function viewString(view: View, node: number): StringExpression | undefined {
  const { tokens, nodes } = view;
  const from = view.firstToken(node) + 1;
  const last = (nodes.ends[node] as number) - 1;
  const isClosed = tokens.kindOf(last) === 'string-end';
  const to = isClosed ? last : last + 1;
  const children = childrenOf(view, node);
  const isLines = isClosed && from < to && beginsWithLineEnd(view, from);
  const parts = isLines ? viewLines(view, from, to, children) : viewParts(view, from, to, children);
  return parts && { kind: 'string', parts, start: view.startOf(node), end: view.endOf(node) };
}

/** The content of a quoted identifier. */
export function viewQuoted(view: View, node: number): Parts | undefined {
  return viewParts(view, view.firstToken(node), view.nodes.ends[node] as number, childrenOf(view, node));
}

export function viewPath(view: View, node: number): PathExpression | undefined {
  const end = view.nodes.ends[node] as number;
  const parts = viewParts(view, view.firstToken(node), end, childrenOf(view, node));
  return parts && { kind: 'path', parts, start: view.startOf(node), end: view.endOf(node) };
}

const none: readonly number[] = [];

/** The children of a node; most texts have none. */
function childrenOf(view: View, node: number): readonly number[] {
  return view.nodes.sizes[node] === 1 ? none : view.nodes.childrenOf(node);
}

function beginsWithLineEnd(view: View, token: number): boolean {
  return view.tokens.kindOf(token) === 'text' && /^[ \t]*\r?\n/.test(view.tokens.textOf(token));
}

/** A piece of a text: as it is written, an escape with what it stands for, or an interpolated expression. */
type Piece =
  | { readonly kind: 'written' | 'escape'; readonly text: string }
  | { readonly kind: 'interpolation'; readonly expression: Expression | undefined };

/**
 * Text and interpolations of some tokens in their order, neighbouring texts merged; undefined if an interpolation is incomplete.
 * `children` are those of the whole node.
 */
export function viewParts(
  view: View,
  from: number,
  to: number,
  children: readonly number[],
): Parts | undefined {
  if (from + 1 === to && children.length === 0) return oneToken(view, from);
  return joined(piecesOf(view, from, to, children));
}

/** The same for a string of several lines. */
function viewLines(view: View, from: number, to: number, children: readonly number[]): Parts | undefined {
  const pieces = piecesOf(view, from, to, children);
  const written = pieces.map((piece) => (piece.kind === 'written' ? piece.text : undefined));
  const stripped = withoutIndentation(written);
  return joined(
    pieces.map((piece, index) =>
      piece.kind === 'written' ? { kind: 'written', text: stripped[index] as string } : piece,
    ),
  );
}

function oneToken(view: View, token: number): Parts {
  const text = pieceOf(view, token)?.text ?? '';
  return text === '' ? [] : [text];
}

function piecesOf(view: View, from: number, to: number, children: readonly number[]): readonly Piece[] {
  const pieces: Piece[] = [];
  let token = from;
  for (const child of children) {
    const first = view.firstToken(child);
    if (first < from || first >= to) continue;
    for (; token < first; token++) push(pieces, pieceOf(view, token));
    token = view.nodes.ends[child] as number;
    if (view.isKind(child, nodeCodes.interpolation))
      pieces.push({ kind: 'interpolation', expression: view.expression(child) });
  }
  for (; token < to; token++) push(pieces, pieceOf(view, token));
  return pieces;
}

function push(pieces: Piece[], piece: Piece | undefined): void {
  if (piece !== undefined) pieces.push(piece);
}

function joined(pieces: readonly Piece[]): Parts | undefined {
  const parts: (string | Expression)[] = [];
  for (const piece of pieces) {
    if (piece.kind === 'interpolation') {
      if (piece.expression === undefined) return undefined;
      parts.push(piece.expression);
      continue;
    }
    if (piece.text === '') continue;
    const last = parts.at(-1);
    if (typeof last === 'string') parts[parts.length - 1] = last + piece.text;
    else parts.push(piece.text);
  }
  return parts.slice();
}

const escapes: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r' };

/** What a token adds to the text; undefined for those that only go around it. */
function pieceOf({ tokens }: View, token: number): (Piece & { readonly text: string }) | undefined {
  const kind = tokens.kindOf(token);
  if (kind === 'text' || kind === 'path') return { kind: 'written', text: tokens.textOf(token) };
  return kind === 'escape' ? { kind: 'escape', text: unescaped(tokens.textOf(token)) } : undefined;
}

function unescaped(escape: string): string {
  const code = /^\\u\{([0-9A-Fa-f]{1,6})\}$/.exec(escape)?.[1];
  if (code === undefined) return escapes[escape.slice(1)] ?? escape.slice(1);
  const value = Number.parseInt(code, 16);
  return value <= 0x10ffff ? String.fromCodePoint(value) : '';
}
