import { isNode, isOperand, type SyntaxElement, type SyntaxNode, type Token } from '../syntax/index.ts';

/** What tools read of a tree that may be broken anywhere: each answer is undefined where the text has not what was asked for. */

export function operandsOf(node: SyntaxNode): readonly SyntaxNode[] {
  return node.children.filter(isOperand);
}

export function tokenOf(node: SyntaxNode, kind: Token['kind']): Token | undefined {
  for (const child of node.children) if (child.kind === kind && !isNode(child)) return child;
  return undefined;
}

export function endOf(element: SyntaxElement): number {
  return isNode(element) ? element.end : element.start + element.text.length;
}

/** The keys of a binding or selection, in their order. */
export function keysOf(node: SyntaxNode): readonly SyntaxNode[] {
  return operandsOf(node).filter(({ kind }) => kind === 'key');
}

export function bindingsOf(node: SyntaxNode): readonly SyntaxNode[] {
  return operandsOf(node).filter(({ kind }) => kind === 'binding');
}

/** The expression that a binding binds, or the default of a pattern's field. */
export function valueOf(binding: SyntaxNode): SyntaxNode | undefined {
  return operandsOf(binding).find(({ kind }) => kind !== 'key');
}

/** Whether the binding is a name alone, which stands for itself. */
export function isBare(binding: SyntaxNode): boolean {
  return binding.children.every((child) => child.kind === 'key' || !isMeaning(child));
}

function isMeaning(child: SyntaxElement): boolean {
  return isNode(child) || (child.kind !== 'whitespace' && child.kind !== 'comment' && child.kind !== 'error');
}

/** The name before `@`. */
export function boundNameOf(node: SyntaxNode): Token | undefined {
  const [first] = node.children;
  return first !== undefined && !isNode(first) && first.kind === 'identifier' ? first : undefined;
}

/** The expression within a file, or within parentheses. */
export function withinParentheses(node: SyntaxNode): SyntaxNode | undefined {
  let inner: SyntaxNode | undefined = node;
  while (inner !== undefined && (inner.kind === 'file' || inner.kind === 'parenthesized'))
    [inner] = operandsOf(inner);
  return inner;
}

/** The function and the argument of a call, written either way. */
export function callOf(
  node: SyntaxNode,
): { readonly callee: SyntaxNode; readonly argument: SyntaxNode } | undefined {
  if (node.kind !== 'apply' && node.kind !== 'pipe') return undefined;
  const [left, right] = operandsOf(node);
  if (left === undefined || right === undefined) return undefined;
  const isForward = node.kind === 'pipe' && tokenOf(node, '|>') !== undefined;
  return isForward ? { callee: right, argument: left } : { callee: left, argument: right };
}

/** The name that a key is, or that a variable has; undefined where it is computed. */
export function staticName(node: SyntaxNode): string | undefined {
  const [first] = node.children;
  if (first === undefined) return undefined;
  return isNode(first) ? staticText(first) : first.text;
}

/** What a string or quoted identifier without interpolation says. Indentation is left to evaluation, and makes it unknown. */
export function staticText(node: SyntaxNode): string | undefined {
  let text = '';
  for (const child of node.children) {
    if (isNode(child)) return undefined;
    if (child.kind === 'text' || child.kind === 'path') text += child.text;
    else if (child.kind === 'escape') text += unescaped(child.text);
  }
  return node.kind === 'string' && /^[ \t]*\r?\n/.test(text) ? undefined : text;
}

const escapes: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r' };

function unescaped(written: string): string {
  const code = /^\\u\{([0-9A-Fa-f]{1,6})\}$/.exec(written)?.[1];
  if (code === undefined) return escapes[written.slice(1)] ?? written.slice(1);
  const value = Number.parseInt(code, 16);
  return value <= 0x10_ff_ff ? String.fromCodePoint(value) : '';
}
