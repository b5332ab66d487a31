import { hardLine, sequence } from '../document.ts';
import { block, type Laid } from '../laid.ts';
import type { Construct, Layout } from '../layout.ts';
import { layRows } from '../rows.ts';
import type { Piece } from '../trivia.ts';

/** One expression, with rows of comments before and behind it. */
export function layFile(layout: Layout, { node, pieces, end }: Construct): Laid {
  const [first, ...rest] = pieces;
  const rows: readonly Piece[] = [
    ...(first === undefined ? [] : [{ ...first, gap: atLineStart(first.gap) }]),
    ...rest,
    { element: node, gap: end, laid: undefined },
  ];
  return block(sequence(layRows(layout, rows, '').content, hardLine));
}

/** The first comment of a file stands behind nothing. */
function atLineStart({ comments: [first, ...rest], ends }: Piece['gap']): Piece['gap'] {
  return { ends, comments: first === undefined ? [] : [{ ...first, endsBefore: 1 }, ...rest] };
}
