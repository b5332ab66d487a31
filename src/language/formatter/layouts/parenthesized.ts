import { brokenGroup, type Document, group, indent, line, sequence, softLine, text } from '../document.ts';
import { enclose, type Laid } from '../laid.ts';
import type { Construct, Layout } from '../layout.ts';
import { layRows } from '../rows.ts';
import { laidOf, type Piece } from '../trivia.ts';

const opener = text('(');
const closer = text(')');

/** `(expression)`; all parentheses are kept, since their author may have meant them for the reader. */
export function layParenthesized(layout: Layout, { pieces }: Construct): Laid {
  const hasComments = pieces.some(({ gap }) => gap.comments.length > 0);
  const value = laidOf(pieces[1] as Piece);
  const document = hasComments ? layWithComments(layout, pieces) : layValue(value);
  // Lambdas and brackets within parentheses are broken as if they stood without them.
  const isPlain = hasComments || value.shape !== 'block';
  return { document, shape: 'block', role: isPlain ? 'parentheses' : 'brackets' };
}

function layValue(value: Laid): Document {
  const { lambda } = value;
  if (lambda === undefined || lambda.gap.comments.length > 0) return enclose(opener, softLine, value, closer);
  return enclose(sequence(opener, lambda.head), line, lambda.body, closer);
}

function layWithComments(layout: Layout, pieces: readonly Piece[]): Document {
  const { opening, content: rows, isBroken } = layRows(layout, pieces.slice(1), '');
  const content = indent(sequence(softLine, rows));
  const document = sequence(opener, opening, content, softLine, closer);
  return isBroken ? brokenGroup(document) : group(document);
}
