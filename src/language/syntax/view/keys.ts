import type { AttributeKey, Expression, Parts, StringExpression } from '../expression.ts';
import { missing } from '../parser/parser.ts';
import { nodeCodes } from '../tree.ts';
import type { View } from './view.ts';

/** The name that the key is: an identifier, or the content of a string or quoted identifier. */
export function viewKey(view: View, node: number): AttributeKey | undefined {
  const start = view.startOf(node);
  const end = view.endOf(node);
  if (view.nodes.sizes[node] === 1) return { parts: view.names.partsAt(start, end), start, end };
  const parts = quotedParts(view, node - 1);
  return parts && { parts, start, end };
}

function quotedParts(view: View, child: number): Parts | undefined {
  if (view.isKind(child, nodeCodes.string)) return (view.seen[child] as StringExpression | undefined)?.parts;
  return view.seen[child] as Parts | undefined;
}

export function viewHasAttribute(view: View, node: number): Expression | undefined {
  const { path, before } = keysUpTo(view, view.lastOperand(node), node);
  const subject = view.expression(before);
  if (subject === undefined || path === undefined || isIncomplete(view, node)) return undefined;
  return { kind: 'has-attribute', subject, path, start: view.startOf(node), end: view.endOf(node) };
}

export function viewSelection(view: View, node: number): Expression | undefined {
  const or = view.nodes.signs[node] as number;
  let last = view.lastOperand(node);
  let fallback: Expression | undefined;
  if (or > 0) {
    // Without a fallback behind the `or` the last part is a key before it.
    if (view.firstToken(last) < or) return undefined;
    fallback = view.expression(last);
    if (fallback === undefined) return undefined;
    last = view.operandBefore(last, node);
  }
  const { path, before } = keysUpTo(view, last, node);
  const subject = view.expression(before);
  if (subject === undefined || path === undefined || isIncomplete(view, node)) return undefined;
  const start = view.startOf(node);
  const end = view.endOf(node);
  if (fallback === undefined) return { kind: 'select', subject, path, start, end };
  return { kind: 'select', subject, path, fallback, start, end };
}

export function isIncomplete(view: View, node: number): boolean {
  return view.nodes.signs[node] === missing;
}

interface Keys {
  /** Undefined where a key is incomplete. */
  readonly path: readonly AttributeKey[] | undefined;
  /** The part of the node before the keys, or -1. */
  readonly before: number;
}

/** The keys of a node up to its part `last`. */
export function keysUpTo(view: View, last: number, node: number): Keys {
  if (last === -1 || !view.isKind(last, nodeCodes.key)) return { path: undefined, before: last };
  const key = view.seen[last] as AttributeKey | undefined;
  const before = view.operandBefore(last, node);
  // Most paths have one key: a list of just this size is half of what a binding takes.
  if (before === -1 || !view.isKind(before, nodeCodes.key)) return { path: key && [key], before };
  return severalKeys(view, last, node);
}

function severalKeys(view: View, last: number, node: number): Keys {
  const path: AttributeKey[] = [];
  let isWhole = true;
  let part = last;
  for (; part !== -1 && view.isKind(part, nodeCodes.key); part = view.operandBefore(part, node)) {
    const key = view.seen[part] as AttributeKey | undefined;
    if (key === undefined) isWhole = false;
    else path.push(key);
  }
  return { path: isWhole ? path.toReversed() : undefined, before: part };
}
