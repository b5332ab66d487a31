import type { AttributeKey, Binding, Expression, Parameter, PatternField } from '../expression.ts';
import { staticName } from './duplicates.ts';
import { isIncomplete, keysUpTo } from './keys.ts';
import { nodeCodes } from '../tree.ts';
import type { SeenBinding, View } from './view.ts';

/** `a.b = value`, or a name alone, which is bound to the variable of that name. */
export function viewBinding(view: View, node: number): SeenBinding | undefined {
  const start = view.startOf(node);
  const end = view.endOf(node);
  const sign = view.nodes.signs[node] as number;
  let last = view.lastOperand(node);
  let value: Expression | undefined;
  if (last !== -1 && !view.isKind(last, nodeCodes.key)) {
    value = view.expression(last);
    last = view.operandBefore(last, node);
  }
  const { path } = keysUpTo(view, last, node);
  if (path === undefined || isIncomplete(view, node)) return undefined;
  return { path, value: sign === 0 ? ownName(path) : value, start, end };
}

function ownName(path: readonly AttributeKey[]): Expression | undefined {
  const [key] = path;
  const name = key?.parts[0];
  if (key === undefined || path.length > 1 || typeof name !== 'string') return undefined;
  return { kind: 'name', name, start: key.start, end: key.end };
}

export function viewLet(view: View, node: number): Expression | undefined {
  const last = view.lastOperand(node);
  const hasBody = last !== -1 && !view.isKind(last, nodeCodes.binding);
  const bindings = bindingsOf(view, node);
  const body = hasBody ? view.expression(last) : undefined;
  if (bindings === undefined || body === undefined) return undefined;
  return { kind: 'let', bindings, body, start: view.startOf(node), end: view.endOf(node) };
}

export function viewAttributes(view: View, node: number): Expression | undefined {
  checkDots(view, node);
  const bindings = bindingsOf(view, node);
  if (bindings === undefined) return undefined;
  const bind = view.bindOf(node);
  const start = view.startOf(node);
  const end = view.endOf(node);
  if (bind === undefined) return { kind: 'attributes', bindings, start, end };
  return { kind: 'attributes', bind, bindings, start, end };
}

/** What turned out to be attributes has no room for the dots of a pattern. */
function checkDots(view: View, node: number): void {
  const dots = view.nodes.signs[node] as number;
  if (dots === 0) return;
  view.problems.report({
    code: 'CAB1113',
    start: view.tokens.startOf(dots),
    end: view.tokens.endOf(dots),
    message: "'...' stands only in the pattern of a lambda",
    label: 'attributes have no rest',
    hint: 'a lambda is written { a, ... } => …; attributes are joined with //',
  });
}

/** The bindings of a set or `let`, checked for names that are bound twice; undefined if any is incomplete. */
function bindingsOf(view: View, node: number): readonly Binding[] | undefined {
  const bindings: SeenBinding[] = [];
  let isWhole = true;
  for (let part = view.lastOperand(node); part !== -1; part = view.operandBefore(part, node)) {
    if (!view.isKind(part, nodeCodes.binding)) continue;
    const binding = view.seen[part] as SeenBinding | undefined;
    if (binding?.value === undefined) isWhole = false;
    if (binding !== undefined) bindings.push(binding);
  }
  const inOrder = bindings.toReversed();
  view.duplicates.checkBindings(inOrder, node);
  return isWhole ? (inOrder as readonly Binding[]) : undefined;
}

/** A pattern has the form of attributes, so its fields are bindings in the tree. */
export function viewPattern(view: View, node: number): Parameter | undefined {
  const reversed: PatternField[] = [];
  let isWhole = true;
  for (let part = view.lastOperand(node); part !== -1; part = view.operandBefore(part, node)) {
    if (!view.isKind(part, nodeCodes.binding)) continue;
    const field = fieldOf(view, part);
    if (field === undefined) isWhole = false;
    else reversed.push(field);
  }
  const fields = reversed.toReversed();
  const bind = view.bindOf(node);
  view.duplicates.checkFields(bind === undefined ? fields : [bind, ...fields], node);
  if (!isWhole) return undefined;
  const open = view.nodes.signs[node] !== 0;
  const start = view.startOf(node);
  const end = view.endOf(node);
  if (bind === undefined) return { kind: 'pattern', fields, open, start, end };
  return { kind: 'pattern', bind, fields, open, start, end };
}

function fieldOf(view: View, node: number): PatternField | undefined {
  const binding = view.seen[node] as SeenBinding | undefined;
  if (binding === undefined || binding.path.length > 1) return undefined;
  const { path, value, start, end } = binding;
  const name = staticName(path[0] as AttributeKey);
  if (name === undefined) return undefined;
  if (view.nodes.signs[node] === 0) return { name, start, end };
  return value && { name, fallback: value, start, end };
}
