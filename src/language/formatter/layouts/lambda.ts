import type { SyntaxNode } from '../../syntax/index.ts';
import { blank, sequence, text } from '../document.ts';
import { across, beforeElement } from '../gaps.ts';
import { introduce, type Laid } from '../laid.ts';
import type { Construct, Layout } from '../layout.ts';
import { endsLines, type Piece } from '../trivia.ts';

/** `parameter => body`: the parameters of a chain stay on one line, and the body begins there or on lines of its own. */
export function layLambda(layout: Layout, { pieces }: Construct): Laid {
  const [parameter, arrow, { element, gap }] = pieces as [Piece, Piece, Piece];
  const head = sequence(
    layout.laid(parameter.element as SyntaxNode).document,
    across(arrow.gap, blank),
    text('=>'),
  );
  const body = layout.laid(element as SyntaxNode);
  const document = introduce(head, gap, body);
  if (body.lambda === undefined || endsLines(gap))
    return { document, shape: 'block', role: 'body', lambda: { head, gap, body } };
  const inner = body.lambda;
  const chain = sequence(head, blank, beforeElement(gap), inner.head);
  return { document, shape: 'block', role: 'body', lambda: { ...inner, head: chain } };
}
