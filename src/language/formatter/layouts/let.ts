import { brokenGroup, group, sequence, text } from '../document.ts';
import { introduce, type Laid } from '../laid.ts';
import type { Construct, Layout } from '../layout.ts';
import { betweenBrackets, layRows } from '../rows.ts';
import { laidOf, type Piece } from '../trivia.ts';

const keywordLet = text('let');
const emptyLet = text('let ');
const keywordIn = text('in');

/** `let a = 1, in body`: a binding a line, then the body behind `in`. */
export function layLet(layout: Layout, { pieces }: Construct): Laid {
  const value = pieces.at(-1) as Piece;
  // A comma that no brackets surround would end the interpolation that it stands in.
  const rows = layRows(layout, pieces.slice(1, -1), ',', layout.isInline ? '' : ',');
  const body = introduce(keywordIn, value.gap, laidOf(value));
  const content =
    rows.count === 0 && !rows.isBroken ? sequence(emptyLet, body) : betweenBrackets(keywordLet, rows, body);
  return { document: rows.isBroken ? brokenGroup(content) : group(content), shape: 'block', role: 'body' };
}
