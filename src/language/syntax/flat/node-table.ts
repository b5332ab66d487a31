import { nodeCodes, type NodeKind } from '../tree.ts';

/**
 * The nodes of a tree, each behind those within it. A node is the number of its kind, the tokens that it holds (the first,
 * and the one behind the last), and its size: how many nodes it is with all below it. So its last child is the
 * node before it, and the child before that one as many nodes further as that one's size.
 */
export class NodeTable {
  kinds: Uint8Array;
  firsts: Int32Array;
  ends: Int32Array;
  sizes: Int32Array;
  /** A token that says more about the node (see `Parser.wrap`). */
  signs: Int32Array;
  count = 0;

  /** `tokens` is how many tokens there are: few texts have more nodes than half of that. */
  constructor(tokens: number) {
    const likely = (tokens >> 1) + 16;
    this.kinds = new Uint8Array(likely);
    this.firsts = new Int32Array(likely);
    this.ends = new Int32Array(likely);
    this.sizes = new Int32Array(likely);
    this.signs = new Int32Array(likely);
  }

  /** Makes a node of all tokens from `first` on up to `end`; nodes that begin there or behind become its children. */
  add(kind: NodeKind, first: number, end: number, sign: number): void {
    if (this.count === this.kinds.length) this.#grow();
    const node = this.count++;
    // Each node is passed here once as a child, and once more at most as the one before the first child.
    let before = node - 1;
    while (before >= 0 && (this.firsts[before] as number) >= first) before -= this.sizes[before] as number;
    this.kinds[node] = nodeCodes[kind];
    this.firsts[node] = first;
    this.ends[node] = end;
    this.sizes[node] = node - before;
    this.signs[node] = sign;
  }

  /** The last child of a node, or -1 if it has none. */
  lastChild(node: number): number {
    return this.sizes[node] === 1 ? -1 : node - 1;
  }

  /** The child before `child` in the same node, or -1 if it is the first. */
  childBefore(child: number, node: number): number {
    const before = child - (this.sizes[child] as number);
    return before > node - (this.sizes[node] as number) ? before : -1;
  }

  /** The children of a node in their order. */
  childrenOf(node: number): readonly number[] {
    const children: number[] = [];
    for (let child = this.lastChild(node); child !== -1; child = this.childBefore(child, node)) {
      children.push(child);
    }
    return children.toReversed();
  }

  #grow(): void {
    const length = this.kinds.length * 2;
    const kinds = new Uint8Array(length);
    kinds.set(this.kinds);
    this.kinds = kinds;
    this.firsts = grown(this.firsts, length);
    this.ends = grown(this.ends, length);
    this.sizes = grown(this.sizes, length);
    this.signs = grown(this.signs, length);
  }
}

function grown(words: Int32Array, length: number): Int32Array {
  const larger = new Int32Array(length);
  larger.set(words);
  return larger;
}
