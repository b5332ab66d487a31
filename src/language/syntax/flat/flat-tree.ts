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
    const nodes = this.#nodes;
    const elements: SyntaxElement[] = [];
    let token = nodes.firsts[this.#node] as number;
    for (const child of nodes.childrenOf(this.#node)) {
      this.#pushTokens(elements, token, nodes.firsts[child] as number);
      elements.push(new FlatNode(this.#tokens, nodes, child));
      token = nodes.ends[child] as number;
    }
    this.#pushTokens(elements, token, nodes.ends[this.#node] as number);
    return elements;
  }

  #pushTokens(elements: SyntaxElement[], from: number, to: number): void {
    for (let token = from; token < to; token++) {
      elements.push({
        kind: this.#tokens.kindOf(token),
        start: this.#tokens.startOf(token),
        text: this.#tokens.textOf(token),
      });
    }
  }
}
