import type { Token } from '../../syntax/index.ts';
import { blank, brokenGroup, type Document, group, sequence, sequenceOf, text } from '../document.ts';
import { across } from '../gaps.ts';
import { type Laid } from '../laid.ts';
import type { Construct, Layout } from '../layout.ts';
import { betweenBrackets, layRows } from '../rows.ts';
import type { Piece } from '../trivia.ts';

/** `[ a, b, ]` */
export const layList = layBrackets;

/** `{ a = 1, b, }`, `self @ { a = 1, }` */
export const layAttributes = layBrackets;

/** `{ a, b = default, ... }`, `args @ { a, ... }` */
export const layPattern = layBrackets;

const words = { '[': text('['), ']': text(']'), '{': text('{'), '}': text('}') } as const;
const closers = { '[': words[']'], '{': words['}'] } as const;

function layBrackets(layout: Layout, { pieces }: Construct): Laid {
  const opening = pieces.findIndex(({ element }) => element.kind === '[' || element.kind === '{');
  const kind = (pieces[opening] as Piece).element.kind as '[' | '{';
  const opener = opening === 0 ? words[kind] : sequenceOf(pieces.slice(0, opening + 1).map(bound));
  const closer = closers[kind];
  const endsInDots =
    pieces.findLast(({ element }) => element.kind !== ',' && element.kind !== '}')?.element.kind === '...';
  const rows = layRows(layout, pieces.slice(opening + 1), ',', endsInDots ? '' : ',');
  const ungrouped = betweenBrackets(opener, rows, closer);
  const document = rows.isBroken ? brokenGroup(ungrouped) : group(ungrouped);
  const isEmpty = rows.count === 0 && !rows.isBroken;
  return {
    document,
    shape: 'block',
    role: isEmpty ? 'atom' : 'brackets',
    ungrouped,
  };
}

/** The name before the brackets, the `@`, and the opening bracket itself. */
function bound({ element, gap }: Piece, index: number): Document {
  const word = text((element as Token).text);
  return index === 0 ? word : sequence(across(gap, blank), word);
}
