import type { AttributeKey, Expression, Parts, StringExpression } from '../expression.ts';
import type { Token } from '../token.ts';
import { isNode, isOperand, type SyntaxElement, type SyntaxNode } from '../tree.ts';
import { withoutIndentation } from './lines.ts';

/** What sees an interpolated expression. */
export interface ExpressionView {
  expression(node: SyntaxNode | undefined): Expression | undefined;
}

export function viewString(view: ExpressionView, node: SyntaxNode): StringExpression | undefined {
  const children = node.children.slice(1).filter((child) => child.kind !== 'string-end');
  const isClosed = node.children.at(-1)?.kind === 'string-end';
  const isLines = isClosed && startsWithLineEnd(children[0]);
  const parts = viewParts(view, isLines ? withoutIndentation(children) : children);
  return parts && { kind: 'string', parts, start: node.start, end: node.end };
}

function startsWithLineEnd(child: SyntaxElement | undefined): boolean {
  return child !== undefined && !isNode(child) && child.kind === 'text' && /^[ \t]*\r?\n/.test(child.text);
}

/** The name that the key is: an identifier, or the content of a string or quoted identifier. */
export function viewKey(view: ExpressionView, node: SyntaxNode): AttributeKey | undefined {
  const child = node.children[0] as SyntaxElement;
  const { start, end } = node;
  if (!isNode(child)) return { parts: [child.text], start, end };
  if (child.kind === 'string') {
    const parts = viewString(view, child)?.parts;
    return parts && { parts, start, end };
  }
  const parts = viewParts(view, child.children);
  return parts && { parts, start, end };
}

/** Text and interpolations in their order, neighbouring texts merged; undefined if an interpolation is incomplete. */
export function viewParts(view: ExpressionView, children: readonly SyntaxElement[]): Parts | undefined {
  const parts: (string | Expression)[] = [];
  let isComplete = true;
  for (const child of children) {
    if (isNode(child)) {
      if (child.kind !== 'interpolation') continue;
      const expression = view.expression(child.children.find(isOperand));
      if (expression === undefined) isComplete = false;
      else parts.push(expression);
      continue;
    }
    const text = textOf(child);
    if (text === '') continue;
    const last = parts.at(-1);
    if (typeof last === 'string') parts[parts.length - 1] = last + text;
    else parts.push(text);
  }
  return isComplete ? parts : undefined;
}

const escapes: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r' };

function textOf(token: Token): string {
  if (token.kind === 'text' || token.kind === 'path') return token.text;
  if (token.kind !== 'escape') return '';
  const code = /^\\u\{([0-9A-Fa-f]{1,6})\}$/.exec(token.text)?.[1];
  if (code === undefined) return escapes[token.text.slice(1)] ?? token.text.slice(1);
  const value = Number.parseInt(code, 16);
  return value <= 0x10ffff ? String.fromCodePoint(value) : '';
}
