import { isNode, type SyntaxNode, type Token } from '../../syntax/index.ts';
import {
  blank,
  brokenGroup,
  type Document,
  group,
  indent,
  line,
  nothing,
  sequence,
  sequenceOf,
  text,
} from '../document.ts';
import { across, layOnOneLine } from '../gaps.ts';
import { hugging, type HuggingParts, type Laid, plain, prefixed } from '../laid.ts';
import type { Construct, Layout } from '../layout.ts';
import { beginsLine, isBehindLineEnd, laidOf, type Piece, piecesOf } from '../trivia.ts';
import { chooseCore } from './core.ts';

/** Operators that stand in one chain; others only with themselves. */
const chains: Readonly<Record<string, string>> = { '-': '+', '/': '*' };

/** Operators beside which brackets may be broken where they stand; beside others, lines begin with the operators. */
const joining: ReadonlySet<string> = new Set(['//', '++', '+', '<|']);

/** The operands and operators of a chain, however it groups: it groups by itself. */
export function chainPieces(node: SyntaxNode, source: string): readonly Piece[] {
  const pieces: Piece[] = [];
  const waiting: Piece[] = piecesOf(node, source).pieces.toReversed();
  const chain = chainOf(node);
  for (let piece = waiting.pop(); piece !== undefined; piece = waiting.pop()) {
    const { element, gap } = piece;
    if (!isNode(element) || chainOf(element) !== chain) {
      pieces.push(piece);
      continue;
    }
    const [first, ...rest] = piecesOf(element, source).pieces as [Piece, ...Piece[]];
    waiting.push(...rest.toReversed(), { ...first, gap });
  }
  return pieces;
}

function chainOf(node: SyntaxNode): string | undefined {
  if (node.kind !== 'binary' && node.kind !== 'pipe') return undefined;
  const operator = node.children.find(
    (child) => !isNode(child) && child.kind !== 'whitespace' && child.kind !== 'comment',
  ) as Token;
  return chains[operator.kind] ?? operator.kind;
}

/**
 * `a + b - c`: on one line, or a line for each operand, its operator before it. Where the author began a line with the first
 * `|>`, each gets one.
 */
export function layChain(layout: Layout, { pieces }: Construct): Laid {
  const operands = pieces.flatMap((piece) => (isNode(piece.element) ? [laidOf(piece)] : []));
  const expanded = layExpanded(pieces);
  const { element, gap } = pieces[1] as Piece;
  if (element.kind === '|>' && beginsLine(gap) && !layout.isInline) return plain(brokenGroup(expanded));
  const isJoining = joining.has(element.kind) && !pieces.some(isBehindLineEnd);
  const core = isJoining ? chooseCore(operands, mayBreakBesideOperator) : -1;
  if (core === -1) return plain(group(expanded));
  const before = layOnOneLine(pieces.slice(0, 2 * core), pieces[2 * core]);
  const after = layOnOneLine(pieces.slice(2 * core + 1));
  return hugging(around(before, operands[core] as Laid, after, expanded));
}

/** What is broken of an operand is broken of the chain. */
function around(
  before: Document,
  { document, shape }: Laid,
  after: Document,
  expanded: Document,
): HuggingParts {
  if (typeof shape === 'string') return { before, core: document, after, expanded };
  return {
    before: sequence(before, shape.before),
    core: shape.core,
    after: sequence(shape.after, after),
    expanded,
  };
}

function mayBreakBesideOperator({ role, shape }: Laid): boolean {
  return role === 'brackets' || role === 'lines' || role === 'body' || typeof shape !== 'string';
}

function layExpanded([first, ...rest]: readonly Piece[]): Document {
  const parts: Document[] = first === undefined ? [] : [layOperand(first)];
  for (const piece of rest) {
    if (isNode(piece.element)) parts.push(indent(across(piece.gap, blank)), layOperand(piece));
    else parts.push(across(piece.gap, line), text(piece.element.text));
  }
  return sequenceOf(parts);
}

/** A chain within a chain is indented below its first operand. */
function layOperand(piece: Piece): Document {
  const { document } = laidOf(piece);
  return chainOf(piece.element as SyntaxNode) === undefined ? document : indent(document);
}

/** `!a`, `-a` */
export function layUnary(_layout: Layout, { pieces }: Construct): Laid {
  const [operator, operand] = pieces as [Piece, Piece];
  const sign = text((operator.element as Token).text);
  return prefixed(sequence(sign, across(operand.gap, nothing)), laidOf(operand));
}
