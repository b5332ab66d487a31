import { isNode, type SyntaxNode } from '../../syntax/index.ts';
import {
  blank,
  brokenGroup,
  type Document,
  group,
  indent,
  line,
  sequence,
  sequenceOf,
  text,
  unbounded,
} from '../document.ts';
import { across } from '../gaps.ts';
import { introduce, type Laid, plain } from '../laid.ts';
import type { Construct, Layout } from '../layout.ts';
import { endsLines, laidOf, type Piece, piecesOf } from '../trivia.ts';

/** `else if condition then value`; the first has no `else`, the last nothing but its value. */
interface Branch {
  readonly otherwise?: Piece;
  readonly condition?: { readonly keyword: Piece; readonly value: Piece; readonly end: Piece };
  readonly value: Piece;
}

/** An `if` with all that stand in its `else`, one in the other. */
export function ifPieces(node: SyntaxNode, source: string): readonly Piece[] {
  const { pieces } = piecesOf(node, source);
  const all = [...pieces];
  for (;;) {
    const last = all.at(-1);
    if (last === undefined || !isNode(last.element) || last.element.kind !== 'if') return all;
    all.pop();
    const [first, ...rest] = piecesOf(last.element, source).pieces as [Piece, ...Piece[]];
    all.push({ ...first, gap: last.gap }, ...rest);
  }
}

/** `if a then b else if c then d else e`: on one line, or each value on lines of its own. */
export function layIf(layout: Layout, { pieces }: Construct): Laid {
  const branches = branchesOf(pieces);
  const laid = branches.map(({ value }) => laidOf(value));
  if (hasBracketsOnly(branches, laid)) return layBetweenBrackets(branches, laid);
  const parts = branches.map((branch, index) => [
    layIntroduction(branch, line),
    indent(sequence(across(branch.value.gap, line), laid[index]?.document as Document)),
  ]);
  const document = sequenceOf(parts.flat());
  const isChain = branches.length > 2 && !layout.isInline;
  return plain(isChain ? brokenGroup(document) : group(document));
}

function branchesOf(pieces: readonly Piece[]): readonly Branch[] {
  const branches: Branch[] = [];
  let index = 0;
  while (index < pieces.length) {
    const otherwise = index === 0 ? undefined : pieces[index++];
    const [first, value, then] = pieces.slice(index, index + 3) as [Piece, Piece, Piece];
    const isLast = first.element.kind !== 'if';
    if (!isLast) index += 3;
    branches.push({
      ...(otherwise !== undefined && { otherwise }),
      ...(!isLast && { condition: { keyword: first, value, end: then } }),
      value: pieces[index++] as Piece,
    });
  }
  return branches;
}

/** What stands before a value, beginning with `before` where it is an `else`. */
function layIntroduction({ otherwise, condition }: Branch, before: Document): Document {
  const parts: Document[] = [];
  if (otherwise !== undefined) parts.push(across(otherwise.gap, before), text('else'));
  if (condition === undefined) return sequenceOf(parts);
  if (otherwise !== undefined) parts.push(across(condition.keyword.gap, blank));
  const value = laidOf(condition.value);
  const tested = indent(sequence(across(condition.value.gap, line), value.document));
  parts.push(group(sequence(text('if'), tested, across(condition.end.gap, line))), text('then'));
  return sequenceOf(parts);
}

/** Whether all values but the last are between brackets, which may then stand on the lines of the keywords. */
function hasBracketsOnly(branches: readonly Branch[], laid: readonly Laid[]): boolean {
  const hasBreakingComment = branches.some(
    ({ otherwise, value }) => endsLines(value.gap) || (otherwise !== undefined && endsLines(otherwise.gap)),
  );
  return !hasBreakingComment && laid.slice(0, -1).every(({ ungrouped }) => ungrouped !== undefined);
}

/** All brackets break, or none do. */
function layBetweenBrackets(branches: readonly Branch[], laid: readonly Laid[]): Laid {
  const parts = branches.map((branch, index) => {
    const value = laid[index] as Laid;
    const head = layIntroduction(branch, blank);
    if (value.ungrouped === undefined) return introduce(head, branch.value.gap, value);
    return sequence(head, across(branch.value.gap, blank), value.ungrouped);
  });
  const document = sequenceOf(parts);
  const isBroken = laid.some((value) => value.document.flat === unbounded);
  return { document: isBroken ? brokenGroup(document) : group(document), shape: 'block', role: 'other' };
}
