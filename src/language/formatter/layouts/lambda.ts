import { blank, sequence, text } from '../document.ts';
import { across, beforeElement } from '../gaps.ts';
import { introduce, type Laid } from '../laid.ts';
import type { Construct, Layout } from '../layout.ts';
import { endsLines, laidOf, type Piece } from '../trivia.ts';

const arrow = text('=>');

/** `parameter => body`: the parameters of a chain stay on one line, and the body begins there or on lines of its own. */
export function layLambda(_layout: Layout, { pieces }: Construct): Laid {
  const [parameter, sign, value] = pieces as [Piece, Piece, Piece];
  const { gap } = value;
  const head = sequence(laidOf(parameter).document, across(sign.gap, blank), arrow);
  const body = laidOf(value);
  const document = introduce(head, gap, body);
  if (body.lambda === undefined || endsLines(gap))
    return { document, shape: 'block', role: 'body', lambda: { head, gap, body } };
  const inner = body.lambda;
  const chain = sequence(head, blank, beforeElement(gap), inner.head);
  return { document, shape: 'block', role: 'body', lambda: { ...inner, head: chain } };
}
