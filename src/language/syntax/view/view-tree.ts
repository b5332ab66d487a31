import type { Expression } from '../expression.ts';
import type { NodeTable } from '../flat/node-table.ts';
import type { TokenTable } from '../flat/token-table.ts';
import type { Problems } from '../problem.ts';
import { type NodeKind, nodeKinds } from '../tree.ts';
import { viewAttributes, viewBinding, viewLet, viewPattern } from './bindings.ts';
import { viewIsland } from './island.ts';
import { viewHasAttribute, viewKey, viewSelection } from './keys.ts';
import { viewFloat, viewInteger, viewName, viewParameter } from './literals.ts';
import {
  viewApplication,
  viewBinary,
  viewIf,
  viewLambda,
  viewList,
  viewPipe,
  viewUnary,
} from './operations.ts';
import { viewPath, viewQuoted, viewString } from './text.ts';
import { type Seen, View } from './view.ts';

/** The expression that a whole tree is, unless something is missing in it. */
export function viewTree(tokens: TokenTable, nodes: NodeTable, problems: Problems): Expression | undefined {
  const view = new View(tokens, nodes, problems);
  const { kinds, count } = nodes;
  for (let node = 0; node < count; node++) {
    view.seen[node] = (viewsByCode[kinds[node] as number] as NodeView)(view, node);
  }
  return view.expression(count - 1);
}

type NodeView = (view: View, node: number) => Seen;

/** How each kind of node is seen. */
const views: Readonly<Record<NodeKind, NodeView>> = {
  file: viewInner,
  parenthesized: viewInner,
  interpolation: viewInner,
  name: viewName,
  parameter: viewParameter,
  integer: viewInteger,
  float: viewFloat,
  string: viewString,
  'quoted-identifier': viewQuoted,
  path: viewPath,
  island: viewIsland,
  lambda: viewLambda,
  pattern: viewPattern,
  let: viewLet,
  if: viewIf,
  apply: viewApplication,
  pipe: viewPipe,
  binary: viewBinary,
  unary: viewUnary,
  'has-attribute': viewHasAttribute,
  select: viewSelection,
  list: viewList,
  attributes: viewAttributes,
  binding: viewBinding,
  key: viewKey,
  hole: viewNothing,
  error: viewNothing,
};

const viewsByCode: readonly NodeView[] = nodeKinds.map((kind) => views[kind]);

/** The one expression in what only goes around it. */
function viewInner(view: View, node: number): Expression | undefined {
  return view.expression(view.lastOperand(node));
}

function viewNothing(): undefined {
  return undefined;
}
