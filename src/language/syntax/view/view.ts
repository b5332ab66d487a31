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
import { isNode, isOperand, type SyntaxElement, type SyntaxNode } from '../tree.ts';
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
    const { start, end } = node;
    switch (node.kind) {
      case 'file':
      case 'parenthesized':
        return this.expression(operandsOf(node)[0]);
      case 'name':
        return { kind: 'name', name: nameOf(node), start, end };
      case 'integer':
        return { kind: 'integer', value: integerOf(textOf(node)), start, end };
      case 'float':
        return { kind: 'float', value: Number(textOf(node).replaceAll('_', '')), start, end };
      case 'string':
        return viewString(this, node);
      case 'path': {
        const parts = viewParts(this, node.children);
        return parts && { kind: 'path', parts, start, end };
      }
      case 'island':
        return this.island(node);
      case 'lambda':
        return this.lambda(node);
      case 'let':
        return this.let(node);
      case 'list': {
        const elements = all(this.expressions(node));
        return elements && { kind: 'list', elements, start, end };
      }
      case 'attributes':
        return this.attributes(node);
      case 'has-attribute':
      case 'select':
        return this.selection(node, node.kind);
      default:
        return this.operation(node);
    }
  }

  /** `if`, application and operators: all that is made of expressions alone. */
  private operation(node: SyntaxNode): Seen<Expression> {
    const { kind, start, end } = node;
    const [first, second, third] = this.expressions(node);
    if (first === undefined) return undefined;
    if (kind === 'unary') return { kind, operator: operatorOf(node).text as '!' | '-', operand: first, start, end };
    if (second === undefined) return undefined;
    switch (kind) {
      case 'if':
        return third && { kind, condition: first, whenTrue: second, whenFalse: third, start, end };
      case 'apply':
        return { kind, function: first, argument: second, start, end };
      case 'pipe':
        return operatorOf(node).text === '|>'
          ? { kind: 'apply', function: second, argument: first, start, end }
          : { kind: 'apply', function: first, argument: second, start, end };
      case 'binary': {
        const { text, start: operatorStart } = operatorOf(node);
        // A single `=` was reported and stands for the comparison it was meant as.
        const operator = (text === '=' ? '==' : text) as BinaryOperator;
        return { kind, operator, operatorStart, left: first, right: second, start, end };
      }
      default:
        return undefined;
    }
  }

  private expressions(node: SyntaxNode): readonly Seen<Expression>[] {
    const seen: Seen<Expression>[] = [];
    // A loop takes fewer frames a level than a callback, and chains of operators are deep.
    for (const child of node.children) if (isOperand(child)) seen.push(this.expression(child));
    return seen;
  }

  private lambda({ children, start, end }: SyntaxNode): Seen<Expression> {
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

  private let(node: SyntaxNode): Seen<Expression> {
    const bindings = all(this.bindings(node));
    const body = this.expression(operandsOf(node).find((child) => child.kind !== 'binding'));
    return bindings && body && { kind: 'let', bindings, body, start: node.start, end: node.end };
  }

  private attributes(node: SyntaxNode): Seen<AttributesExpression> {
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
      const path = this.path(child as SyntaxNode);
      if (path !== undefined) paths.push(path);
      seen.push(this.binding(child as SyntaxNode, path));
    }
    checkPaths(this, paths);
    return seen;
  }

  /** The keys in the node, if none is missing between or around its dots. */
  private path(node: SyntaxNode): Seen<readonly AttributeKey[]> {
    const path: AttributeKey[] = [];
    for (const child of node.children) {
      const key = child.kind === 'key' ? viewKey(this, child as SyntaxNode) : undefined;
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

  private selection(node: SyntaxNode, kind: 'has-attribute' | 'select'): Seen<Expression> {
    const { start, end } = node;
    const [subjectNode, ...rest] = operandsOf(node);
    const subject = this.expression(subjectNode);
    const path = this.path(node);
    if (subject === undefined || path === undefined) return undefined;
    if (kind === 'has-attribute' || !has(node, 'or')) return { kind, subject, path, start, end };
    const fallback = this.expression(rest.find((child) => child.kind !== 'key'));
    return fallback && { kind, subject, path, fallback, start, end };
  }

  private island({ children, start, end }: SyntaxNode): Seen<IslandExpression> {
    const closing = indexOf(children, 'island-end');
    const separator = Math.min(indexOf(children, 'island-subtree'), closing);
    const options = children.find((child) => child.kind === 'attributes');
    const body =
      options === undefined ? viewParts(this, children.slice(1, separator)) : this.attributes(options as SyntaxNode);
    const subtree = viewParts(this, children.slice(separator + 1, closing));
    const path = viewParts(this, children.slice(closing + 1));
    if (body === undefined || subtree === undefined || path === undefined) return undefined;
    return { kind: 'island', type: (children[0] as Token).text.slice(1, -1), body, subtree, path, start, end };
  }
}

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
  const digits = text.replaceAll('_', '');
  const value = Number(digits);
  return Number.isSafeInteger(value) ? value : BigInt(digits);
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
