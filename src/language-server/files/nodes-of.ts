import { type NodeKind, type SyntaxNode, isNode } from '../../language/syntax/index.ts';
import type { AnalysedFile } from './analysed-file.ts';

const nodesByKind = new WeakMap<AnalysedFile, ReadonlyMap<NodeKind, readonly SyntaxNode[]>>();

/** All nodes of a kind in the order of the text, gathered once for each version. */
export function nodesOf(file: AnalysedFile, kind: NodeKind): readonly SyntaxNode[] {
  let known = nodesByKind.get(file);
  if (known === undefined) {
    known = gather(file.tree);
    nodesByKind.set(file, known);
  }
  return known.get(kind) ?? [];
}

function gather(tree: SyntaxNode): ReadonlyMap<NodeKind, readonly SyntaxNode[]> {
  const nodes = new Map<NodeKind, SyntaxNode[]>();
  const pending: SyntaxNode[] = [tree];
  for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
    const list = nodes.get(node.kind);
    if (list === undefined) nodes.set(node.kind, [node]);
    else list.push(node);
    for (let index = node.children.length - 1; index >= 0; index--) {
      const child = node.children[index];
      if (child !== undefined && isNode(child)) pending.push(child);
    }
  }
  return nodes;
}
