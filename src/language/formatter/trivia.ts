import type { SyntaxElement, SyntaxNode, Token } from '../syntax/index.ts';
import type { Laid } from './laid.ts';
import { widthOf } from './width.ts';

export interface WrittenComment {
  readonly text: string;
  readonly column: number;
  /** How many line ends stand between it and what is before it. */
  readonly endsBefore: number;
  /** Whether the line ends behind it: then nothing may follow it, or nothing did. */
  readonly endsLine: boolean;
}

/** What stands between two elements of the tree: comments, and line ends. */
export interface Gap {
  readonly comments: readonly WrittenComment[];
  /** How many line ends stand behind the last comment. */
  readonly ends: number;
}

/** An element that means something, and what stands before it. */
export interface Piece {
  readonly gap: Gap;
  readonly element: SyntaxElement;
  /** How a node was laid out, which it is before what it stands in. */
  laid: Laid | undefined;
}

/** How a piece that is a node was laid out. */
export function laidOf(piece: Piece): Laid {
  return piece.laid as Laid;
}

/** The gaps that nearly all are: without comments, and with so many line ends. */
const plainGaps: readonly Gap[] = [0, 1, 2].map((ends) => ({ comments: [], ends }));

export const noGap = plainGaps[0] as Gap;

/** The children of the node without its trivia, each with those before it; those behind the last come with the end. */
export function piecesOf(
  node: SyntaxNode,
  text: string,
): { readonly pieces: readonly Piece[]; readonly end: Gap } {
  const { children } = node;
  const pieces: Piece[] = [];
  let first = 0;
  for (let index = 0; index < children.length; index++) {
    const element = children[index] as SyntaxElement;
    if (element.kind === 'whitespace' || element.kind === 'comment') continue;
    pieces.push({ gap: gapOf(children, first, index, text), element, laid: undefined });
    first = index + 1;
  }
  return { pieces, end: gapOf(children, first, children.length, text) };
}

/** Whether what stands behind the gap, comments included, begins a line. */
export function beginsLine({ comments, ends }: Gap): boolean {
  return (comments[0]?.endsBefore ?? ends) > 0;
}

/** Whether comments in the gap end lines, so that what stands around it cannot be on one. */
export function endsLines({ comments }: Gap): boolean {
  return comments.some(({ endsLine }) => endsLine);
}

/** The same for what stands before a piece. */
export function isBehindLineEnd({ gap }: Piece): boolean {
  return gap.comments.length > 0 && endsLines(gap);
}

/** The gap that is the trivia of the node from `from` on, up to `to`. */
function gapOf(children: readonly SyntaxElement[], from: number, to: number, text: string): Gap {
  if (from === to) return noGap;
  const first = children[from] as Token;
  if (to - from === 1 && first.kind === 'whitespace') {
    const ends = lineEndsIn(first.text);
    return plainGaps[ends] ?? { comments: [], ends };
  }
  const trivia = children.slice(from, to) as Token[];
  const comments: WrittenComment[] = [];
  let ends = 0;
  for (const [index, token] of trivia.entries()) {
    if (token.kind === 'whitespace') {
      ends += lineEndsIn(token.text);
      continue;
    }
    const next = trivia[index + 1];
    const endsLine = !token.text.startsWith('#=') || (next !== undefined && lineEndsIn(next.text) > 0);
    comments.push({ text: contentOf(token), column: columnOf(token, text), endsBefore: ends, endsLine });
    ends = 0;
  }
  return { comments, ends };
}

function lineEndsIn(blanks: string): number {
  let ends = 0;
  for (let at = blanks.indexOf('\n'); at !== -1; at = blanks.indexOf('\n', at + 1)) ends++;
  return ends;
}

function contentOf({ text }: Token): string {
  return text.replaceAll('\r\n', '\n').replace(/[ \t]+$/, '');
}

function columnOf({ start }: Token, text: string): number {
  return widthOf(text.slice(text.lastIndexOf('\n', start - 1) + 1, start));
}
