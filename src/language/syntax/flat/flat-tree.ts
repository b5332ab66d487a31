import { type NodeKind, nodeKinds, type SyntaxElement, type SyntaxNode } from '../tree.ts';
import type { NodeTable } from './node-table.ts';
import type { TokenTable } from './token-table.ts';

/** A node of the tree as an object. Its children are made when they are asked for, and then stay the same objects. */
export class FlatNode implements SyntaxNode {
  readonly kind: NodeKind;
  readonly start: number;
  readonly end: number;
  readonly #tokens: TokenTable;
  readonly #nodes: NodeTable;
  readonly #node: number;
  #children: readonly SyntaxElement[] | undefined;

  constructor(tokens: TokenTable, nodes: NodeTable, node: number) {
    this.kind = nodeKinds[nodes.kinds[node] as number] as NodeKind;
    this.start = tokens.startOf(nodes.firsts[node] as number);
    this.end = tokens.startOf(nodes.ends[node] as number);
    this.#tokens = tokens;
    this.#nodes = nodes;
    this.#node = node;
  }

  get children(): readonly SyntaxElement[] {
    return (this.#children ??= this.#makeChildren());
  }

  #makeChildren(): readonly SyntaxElement[] {
    const tokens = this.#tokens;
    const nodes = this.#nodes;
    const node = this.#node;
    // From the last to the first, as the table leads, into an array that has no room to spare: there are as many as nodes.
    let index = this.#countChildren();
    // oxlint-disable-next-line unicorn/no-new-array -- `Array.from` takes many times as long
    const elements = new Array<SyntaxElement>(index);
    let token = nodes.ends[node] as number;
    for (let child = nodes.lastChild(node); child !== -1; child = nodes.childBefore(child, node)) {
      const end = nodes.ends[child] as number;
      while (token > end) elements[--index] = tokens.tokenAt(--token);
      elements[--index] = new FlatNode(tokens, nodes, child);
      token = nodes.firsts[child] as number;
    }
    const first = nodes.firsts[node] as number;
    while (token > first) elements[--index] = tokens.tokenAt(--token);
    return elements;
  }

  #countChildren(): number {
    const nodes = this.#nodes;
    const node = this.#node;
    let count = (nodes.ends[node] as number) - (nodes.firsts[node] as number);
    for (let child = nodes.lastChild(node); child !== -1; child = nodes.childBefore(child, node))
      count += 1 - ((nodes.ends[child] as number) - (nodes.firsts[child] as number));
    return count;
  }
}
