import type {
  FloatExpression,
  IntegerExpression,
  NameExpression,
  NameParameter,
  Parts,
} from '../expression.ts';
import type { View } from './view.ts';

/** A name's own text, or that of its quoted form, which has no interpolation here. */
export function viewName(view: View, node: number): NameExpression {
  const start = view.startOf(node);
  const end = view.endOf(node);
  if (view.nodes.sizes[node] === 1) return { kind: 'name', name: view.nameOf(node), start, end };
  const [text = ''] = view.seen[view.nodes.lastChild(node)] as Parts;
  return { kind: 'name', name: text as string, start, end };
}

export function viewParameter(view: View, node: number): NameParameter {
  return { kind: 'name', name: view.nameOf(node), start: view.startOf(node), end: view.endOf(node) };
}

export function viewInteger(view: View, node: number): IntegerExpression {
  const value = integerOf(view.textOf(node));
  return { kind: 'integer', value, start: view.startOf(node), end: view.endOf(node) };
}

export function viewFloat(view: View, node: number): FloatExpression {
  const value = Number(withoutUnderscores(view.textOf(node)));
  return { kind: 'float', value, start: view.startOf(node), end: view.endOf(node) };
}

function integerOf(text: string): number | bigint {
  const digits = withoutUnderscores(text);
  const value = Number(digits);
  return Number.isSafeInteger(value) ? value : BigInt(digits);
}

function withoutUnderscores(text: string): string {
  return text.replaceAll('_', '');
}
