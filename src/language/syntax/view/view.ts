import type {
  AttributeKey,
  AttributesExpression,
  BinaryOperator,
  Binding,
  Expression,
  IslandExpression,
  NameParameter,
  Parameter,
  PatternField,
} from '../expression.ts';
import type { Problem } from '../problem.ts';
import type { Token, TokenKind } from '../token.ts';
import { isNode, isOperand, type NodeKind, type SyntaxElement, type SyntaxNode } from '../tree.ts';
import { checkFields, checkPaths } from './duplicates.ts';
import { viewKey, viewParts, viewString } from './text.ts';

/** What the view makes of a node; undefined where something is missing, which has been reported. */
type Seen<T> = T | undefined;

/**
 * Reads the untyped tree as the typed one. Parts are seen even where the whole cannot be, so that all that is wrong with
 * their meaning (names bound twice) is reported in the same run.
 */
export class View {
  readonly report: (problem: Problem) => void;

  constructor(report: (problem: Problem) => void) {
    this.report = report;
  }

  /** The expression that the node is. */
  expression(node: Seen<SyntaxNode>): Seen<Expression> {
    if (node === undefined) return undefined;
    const view = views[node.kind];
    return view === undefined ? undefined : view(this, node, node.start, node.end);
  }

  expressions(node: SyntaxNode): readonly Seen<Expression>[] {
    const seen: Seen<Expression>[] = [];
    // A loop takes fewer frames a level than a callback, and chains of operators are deep.
    for (const child of node.children) if (isOperand(child)) seen.push(this.expression(child));
    return seen;
  }

  lambda({ children, start, end }: SyntaxNode): Seen<Expression> {
    const [parameterNode, bodyNode] = children.filter(isOperand);
    const parameter = parameterNode && this.parameter(parameterNode);
    const body = this.expression(bodyNode);
    return parameter && body && { kind: 'lambda', parameter, body, start, end };
  }

  private parameter(node: SyntaxNode): Seen<Parameter> {
    const { start, end } = node;
    if (node.kind === 'parameter') return { kind: 'name', name: textOf(node), start, end };
    const seen = operandsOf(node).map((field) => this.field(field));
    checkFields(this, seen);
    const fields = all(seen);
    return fields && { kind: 'pattern', ...bindOf(node), fields, open: has(node, '...'), start, end };
  }

  private field(node: SyntaxNode): Seen<PatternField> {
    const [key, value] = operandsOf(node);
    const { start, end } = node;
    const parts = key && viewKey(this, key)?.parts;
    const name = parts?.length === 0 ? '' : parts?.[0];
    if (typeof name !== 'string' || parts === undefined || parts.length > 1) return undefined;
    if (!hasValue(node)) return { name, start, end };
    const fallback = this.expression(value);
    return fallback && { name, fallback, start, end };
  }

  let(node: SyntaxNode): Seen<Expression> {
    const bindings = all(this.bindings(node));
    const body = this.expression(operandsOf(node).find((child) => child.kind !== 'binding'));
    return bindings && body && { kind: 'let', bindings, body, start: node.start, end: node.end };
  }

  attributes(node: SyntaxNode): Seen<AttributesExpression> {
    this.checkDots(node);
    const bindings = all(this.bindings(node));
    return bindings && { kind: 'attributes', ...bindOf(node), bindings, start: node.start, end: node.end };
  }

  /** What turned out to be attributes has no room for the dots of a pattern. */
  private checkDots(node: SyntaxNode): void {
    const dots = node.children.find((child) => child.kind === '...');
    if (dots === undefined) return;
    this.report({
      code: 'CAB1113',
      start: dots.start,
      end: dots.start + 3,
      message: "'...' stands only in the pattern of a lambda",
      hint: 'a lambda is written { a, ... } => …; attributes are joined with //',
    });
  }

  private bindings(node: SyntaxNode): readonly Seen<Binding>[] {
    const seen: Seen<Binding>[] = [];
    const paths: (readonly AttributeKey[])[] = [];
    for (const child of node.children) {
      if (child.kind !== 'binding') continue;
      const path = this.path(child);
      if (path !== undefined) paths.push(path);
      seen.push(this.binding(child, path));
    }
    checkPaths(this, paths);
    return seen;
  }

  /** The keys in the node, if none is missing between or around its dots. */
  private path(node: SyntaxNode): Seen<readonly AttributeKey[]> {
    const path: AttributeKey[] = [];
    for (const child of node.children) {
      const key = child.kind === 'key' ? viewKey(this, child) : undefined;
      if (key !== undefined) path.push(key);
    }
    return path.length > (node.kind === 'select' ? dotsIn(node) - 1 : dotsIn(node)) ? path : undefined;
  }

  private binding(node: SyntaxNode, path: Seen<readonly AttributeKey[]>): Seen<Binding> {
    const { start, end } = node;
    if (hasValue(node)) {
      const value = this.expression(operandsOf(node).find((child) => child.kind !== 'key'));
      return path && value && { path, value, start, end };
    }
    const [key] = path ?? [];
    const name = key?.parts[0];
    if (path?.length !== 1 || key === undefined || typeof name !== 'string') return undefined;
    return { path, value: { kind: 'name', name, start: key.start, end: key.end }, start, end };
  }

  selection(node: SyntaxNode, kind: 'has-attribute' | 'select'): Seen<Expression> {
    const { start, end } = node;
    const [subjectNode, ...rest] = operandsOf(node);
    const subject = this.expression(subjectNode);
    const path = this.path(node);
    if (subject === undefined || path === undefined) return undefined;
    if (kind === 'has-attribute' || !has(node, 'or')) return { kind, subject, path, start, end };
    const fallback = this.expression(rest.find((child) => child.kind !== 'key'));
    return fallback && { kind, subject, path, fallback, start, end };
  }

  island({ children, start, end }: SyntaxNode): Seen<IslandExpression> {
    const closing = indexOf(children, 'island-end');
    const separator = Math.min(indexOf(children, 'island-subtree'), closing);
    const options = children.find((child) => child.kind === 'attributes');
    const body =
      options === undefined
        ? viewParts(this, children.slice(1, separator))
        : this.attributes(options as SyntaxNode);
    const subtree = viewParts(this, children.slice(separator + 1, closing));
    const path = viewParts(this, children.slice(closing + 1));
    if (body === undefined || subtree === undefined || path === undefined) return undefined;
    return {
      kind: 'island',
      type: (children[0] as Token).text.slice(1, -1),
      body,
      subtree,
      path,
      start,
      end,
    };
  }
}

/** How each kind of node is seen; a kind that is not among them is no expression. */
const views: Partial<
  Record<NodeKind, (view: View, node: SyntaxNode, start: number, end: number) => Seen<Expression>>
> = {
  file: (view, node) => view.expression(operandsOf(node)[0]),
  parenthesized: (view, node) => view.expression(operandsOf(node)[0]),
  name: (_view, node, start, end) => ({ kind: 'name', name: nameOf(node), start, end }),
  integer: (_view, node, start, end) => ({ kind: 'integer', value: integerOf(textOf(node)), start, end }),
  float: (_view, node, start, end) => ({
    kind: 'float',
    value: Number(withoutUnderscores(textOf(node))),
    start,
    end,
  }),
  string: viewString,
  path: (view, node, start, end) => {
    const parts = viewParts(view, node.children);
    return parts && { kind: 'path', parts, start, end };
  },
  list: (view, node, start, end) => {
    const elements = all(view.expressions(node));
    return elements && { kind: 'list', elements, start, end };
  },
  if: (view, node, start, end) => {
    const [condition, whenTrue, whenFalse] = view.expressions(node);
    return condition && whenTrue && whenFalse && { kind: 'if', condition, whenTrue, whenFalse, start, end };
  },
  apply: (view, node, start, end) => {
    const [called, argument] = view.expressions(node);
    return called && argument && { kind: 'apply', function: called, argument, start, end };
  },
  pipe: (view, node, start, end) => {
    const [left, right] = view.expressions(node);
    if (left === undefined || right === undefined) return undefined;
    const [called, argument] = operatorOf(node).text === '|>' ? [right, left] : [left, right];
    return { kind: 'apply', function: called, argument, start, end };
  },
  unary: (view, node, start, end) => {
    const [operand] = view.expressions(node);
    return operand && { kind: 'unary', operator: operatorOf(node).text as '!' | '-', operand, start, end };
  },
  binary: (view, node, start, end) => {
    const [left, right] = view.expressions(node);
    const { text, start: operatorStart } = operatorOf(node);
    // A single `=` was reported and stands for the comparison it was meant as.
    const operator = (text === '=' ? '==' : text) as BinaryOperator;
    return left && right && { kind: 'binary', operator, operatorStart, left, right, start, end };
  },
  lambda: (view, node) => view.lambda(node),
  let: (view, node) => view.let(node),
  attributes: (view, node) => view.attributes(node),
  island: (view, node) => view.island(node),
  'has-attribute': (view, node) => view.selection(node, 'has-attribute'),
  select: (view, node) => view.selection(node, 'select'),
};

function operandsOf(node: SyntaxNode): readonly SyntaxNode[] {
  return node.children.filter(isOperand);
}

function textOf(node: SyntaxNode): string {
  return (node.children[0] as Token).text;
}

/** A name's own text, or that of its quoted form, which has no interpolation here. */
function nameOf(node: SyntaxNode): string {
  const child = node.children[0] as SyntaxElement;
  if (!isNode(child)) return child.text;
  const [text] = viewParts({ expression: () => undefined }, child.children) ?? [];
  return typeof text === 'string' ? text : '';
}

function integerOf(text: string): number | bigint {
  const digits = withoutUnderscores(text);
  const value = Number(digits);
  return Number.isSafeInteger(value) ? value : BigInt(digits);
}

function withoutUnderscores(text: string): string {
  return text.replaceAll('_', '');
}

function operatorOf(node: SyntaxNode): Token {
  return node.children.find((child): child is Token => !isNode(child) && isOperator(child.kind)) as Token;
}

function isOperator(kind: TokenKind): boolean {
  return kind !== 'whitespace' && kind !== 'comment' && kind !== 'error';
}

/** Whether a sign of binding stands in the node; those of other languages have been reported. */
function hasValue(node: SyntaxNode): boolean {
  return node.children.some(({ kind }) => kind === '=' || kind === '==' || kind === ':' || kind === '?');
}

function has(node: SyntaxNode, kind: TokenKind): boolean {
  return node.children.some((child) => child.kind === kind);
}

function dotsIn(node: SyntaxNode): number {
  let dots = 0;
  for (const child of node.children) if (child.kind === '.') dots++;
  return dots;
}

function bindOf(node: SyntaxNode): { bind?: NameParameter } {
  const [name] = node.children;
  if (name === undefined || isNode(name) || name.kind !== 'identifier') return {};
  return { bind: { kind: 'name', name: name.text, start: name.start, end: name.start + name.text.length } };
}

function indexOf(children: readonly SyntaxElement[], kind: TokenKind): number {
  const index = children.findIndex((child) => child.kind === kind);
  return index === -1 ? children.length : index;
}

/** The list, if nothing in it is missing. */
function all<T>(candidates: readonly (T | undefined)[]): readonly T[] | undefined {
  return candidates.includes(undefined) ? undefined : (candidates as readonly T[]);
}
