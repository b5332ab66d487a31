import type { AttributesExpression, IslandExpression } from '../expression.ts';
import type { TokenKind } from '../token.ts';
import { nodeCodes } from '../tree.ts';
import { viewParts } from './text.ts';
import type { View } from './view.ts';

/** `<type:body::/subtree>/path`, with attributes in the place of the body where it has options. */
export function viewIsland(view: View, node: number): IslandExpression | undefined {
  const first = view.firstToken(node);
  const end = view.nodes.ends[node] as number;
  const children = view.nodes.childrenOf(node);
  const closing = findToken(view, first, end, children, 'island-end');
  const separator = findToken(view, first, closing, children, 'island-subtree');
  const options = children.find((child) => view.isKind(child, nodeCodes.attributes));
  const body =
    options === undefined
      ? viewParts(view, first + 1, separator, children)
      : (view.expression(options) as AttributesExpression | undefined);
  const subtree = viewParts(view, separator + 1, closing, children);
  const path = viewParts(view, closing + 1, end, children);
  if (body === undefined || subtree === undefined || path === undefined) return undefined;
  return {
    kind: 'island',
    type: view.textOf(node).slice(1, -1),
    body,
    subtree,
    path,
    start: view.startOf(node),
    end: view.endOf(node),
  };
}

/** The token of a kind that belongs to a node itself and not to its children; the end of the range where there is none. */
function findToken(
  view: View,
  from: number,
  to: number,
  children: readonly number[],
  kind: TokenKind,
): number {
  let token = from;
  for (const child of children) {
    for (const end = Math.min(to, view.firstToken(child)); token < end; token++)
      if (view.tokens.kindOf(token) === kind) return token;
    token = Math.max(token, view.nodes.ends[child] as number);
  }
  for (; token < to; token++) if (view.tokens.kindOf(token) === kind) return token;
  return to;
}
