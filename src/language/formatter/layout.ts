import { isNode, type NodeKind, type SyntaxNode } from '../syntax/index.ts';
import type { Laid } from './laid.ts';
import { layApplication, applicationPieces } from './layouts/application.ts';
import { layAttributes, layList, layPattern } from './layouts/brackets.ts';
import { layBinding } from './layouts/binding.ts';
import { ifPieces, layIf } from './layouts/conditional.ts';
import { layFile } from './layouts/file.ts';
import { layLambda } from './layouts/lambda.ts';
import { layLet } from './layouts/let.ts';
import { layChain, chainPieces, layUnary } from './layouts/operators.ts';
import { layParenthesized } from './layouts/parenthesized.ts';
import { layHasAttribute, laySelection } from './layouts/selection.ts';
import { layAddress, layInterpolation, layKey, layString, layToken } from './layouts/text.ts';
import { layWord } from './layouts/word.ts';
import { type Gap, laidOf, noGap, type Piece, piecesOf } from './trivia.ts';

/** What a layout asks of what surrounds it. */
export interface Layout {
  /** Whether all has to stay on one line, since it stands within a string. */
  readonly isInline: boolean;
}

/** The parts of a construct, and how they are put together. */
export interface Construct {
  readonly node: SyntaxNode;
  readonly pieces: readonly Piece[];
  /** What stands behind the last piece; only a file has something there. */
  readonly end: Gap;
}

interface Kind {
  readonly lay: (layout: Layout, construct: Construct) => Laid;
  /** The pieces, where the construct is laid out as one with others of its kind within it. */
  readonly pieces?: (node: SyntaxNode, source: string) => readonly Piece[];
}

const kinds: Partial<Record<NodeKind, Kind>> = {
  file: { lay: layFile },
  name: { lay: layToken },
  integer: { lay: layToken },
  float: { lay: layToken },
  parameter: { lay: layToken },
  string: { lay: layString },
  'quoted-identifier': { lay: layString },
  path: { lay: layAddress },
  island: { lay: layAddress },
  interpolation: { lay: layInterpolation },
  lambda: { lay: layLambda },
  pattern: { lay: layPattern },
  let: { lay: layLet },
  if: { lay: layIf, pieces: ifPieces },
  apply: { lay: layApplication, pieces: applicationPieces },
  pipe: { lay: layChain, pieces: chainPieces },
  binary: { lay: layChain, pieces: chainPieces },
  unary: { lay: layUnary },
  'has-attribute': { lay: layHasAttribute },
  select: { lay: laySelection },
  parenthesized: { lay: layParenthesized },
  list: { lay: layList },
  attributes: { lay: layAttributes },
  binding: { lay: layBinding },
  key: { lay: layKey },
};

interface Frame extends Construct {
  /** What is laid out here. */
  readonly piece: Piece;
  readonly kind: Kind;
  readonly isInline: boolean;
  next: number;
}

/**
 * Lays out a tree without errors, each part before the whole. The constructs that are begun wait in an array and not in calls,
 * so that a text may nest as deeply as the parser takes it.
 */
export function layTree(tree: SyntaxNode, source: string): Laid {
  const root: Piece = { gap: noGap, element: tree, laid: undefined };
  const [onLines, inline]: readonly Layout[] = [false, true].map((isInline) => ({ isInline }));
  const frames = [frameOf(root, tree, source, false)];
  for (let frame = frames.at(-1); frame !== undefined; frame = frames.at(-1)) {
    const part = frame.pieces[frame.next++];
    if (part === undefined) {
      frames.pop();
      frame.piece.laid = frame.kind.lay((frame.isInline ? inline : onLines) as Layout, frame);
    } else if (isNode(part.element)) {
      part.laid = layWord(part.element, source);
      if (part.laid !== undefined) continue;
      frames.push(
        frameOf(part, part.element, source, frame.isInline || part.element.kind === 'interpolation'),
      );
    }
  }
  return laidOf(root);
}

function frameOf(piece: Piece, node: SyntaxNode, source: string, isInline: boolean): Frame {
  const kind = kinds[node.kind];
  if (kind === undefined) throw new Error(`a tree without errors has a node of kind '${node.kind}'`);
  if (kind.pieces !== undefined) {
    return { piece, node, kind, isInline, next: 0, end: noGap, pieces: kind.pieces(node, source) };
  }
  const { pieces, end } = piecesOf(node, source);
  return { piece, node, kind, isInline, next: 0, end, pieces };
}
