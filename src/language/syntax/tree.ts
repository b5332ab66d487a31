import type { Token } from './token.ts';

/** All kinds of nodes. A node is kept as the number of its kind, its place here. */
export const nodeKinds = [
  'file',
  'name',
  'integer',
  'float',
  'string',
  'quoted-identifier',
  'interpolation',
  'path',
  'island',
  'lambda',
  'parameter',
  'pattern',
  'let',
  'if',
  'apply',
  'pipe',
  'binary',
  'unary',
  'has-attribute',
  'select',
  'parenthesized',
  'list',
  'attributes',
  'binding',
  'key',
  /** Something wrong where an expression belongs. */
  'hole',
  /** Tokens that recovery passed over. */
  'error',
] as const;

export type NodeKind = (typeof nodeKinds)[number];

/** The number of each kind. */
export const nodeCodes = Object.fromEntries(nodeKinds.map((kind, code) => [kind, code])) as Readonly<
  Record<NodeKind, number>
>;

/** A node of the lossless tree: every byte of the text is in one of its tokens, white space and comments too. */
export interface SyntaxNode {
  readonly kind: NodeKind;
  readonly start: number;
  readonly end: number;
  readonly children: readonly SyntaxElement[];
}

export type SyntaxElement = SyntaxNode | Token;

export function isNode(element: SyntaxElement): element is SyntaxNode {
  return 'children' in element;
}

/** Whether the element is a node that means something; what recovery passed over means nothing. */
export function isOperand(element: SyntaxElement): element is SyntaxNode {
  return element.kind !== 'error' && isNode(element);
}

/** The tokens of the tree in their order. */
export function* tokensOf(tree: SyntaxNode): Generator<Token> {
  const pending: SyntaxElement[] = [tree];
  for (let element = pending.pop(); element !== undefined; element = pending.pop()) {
    if (!isNode(element)) {
      yield element;
      continue;
    }
    for (let index = element.children.length - 1; index >= 0; index--) {
      pending.push(element.children[index] as SyntaxElement);
    }
  }
}

/** The text that the tree was parsed from, byte for byte. */
export function printTree(tree: SyntaxNode): string {
  let text = '';
  for (const token of tokensOf(tree)) text += token.text;
  return text;
}
