import { isNode } from '../../syntax/index.ts';
import { blank, indent, sequence, text } from '../document.ts';
import { across } from '../gaps.ts';
import { block, introduce, type Laid } from '../laid.ts';
import type { Construct, Layout } from '../layout.ts';
import { laidOf, type Piece } from '../trivia.ts';
import { layPath } from './selection.ts';

const equals = text('=');

/** `a.b = value`, or a name alone */
export function layBinding(_layout: Layout, { pieces }: Construct): Laid {
  const sign = pieces.findIndex(({ element }) => element.kind === '=');
  if (sign === -1) return block(layPath(pieces));
  const { gap } = pieces[sign] as Piece;
  const between = across(gap, blank);
  const head = sequence(layPath(pieces.slice(0, sign)), between === blank ? blank : indent(between), equals);
  const value = pieces[sign + 1];
  if (value === undefined || !isNode(value.element)) return block(head);
  return block(introduce(head, value.gap, laidOf(value)));
}
