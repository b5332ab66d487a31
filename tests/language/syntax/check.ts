import assert from 'node:assert/strict';
import { unreachable } from '../../../src/foundation/index.ts';
import type { Expression, Parameter, Parts } from '../../../src/language/syntax/index.ts';
import { type AttributeKey, type Binding, parse, printTree } from '../../../src/language/syntax/index.ts';

/** Checks that the text parses without a word, as the expression that `expected` writes out in `outline`'s notation. */
export function check(text: string, expected: string): void {
  const { tree, expression, diagnostics } = parse({ name: 'test', text });
  assert.deepEqual(
    diagnostics.map(({ code, message }) => `${code}: ${message}`),
    [],
    text,
  );
  assert.equal(printTree(tree), text);
  assert.ok(expression !== undefined, text);
  assert.equal(outline(expression), expected, text);
}

/**
 * Checks which diagnostics the text gets: each is its code and the text it underlines, as in `CAB1108 =`, with `^` for an
 * empty place.
 */
export function checkErrors(text: string, ...expected: readonly string[]): void {
  const { tree, diagnostics } = parse({ name: 'test', text });
  const actual = diagnostics.map(({ code, primary }) => {
    assert.ok(primary !== undefined);
    return `${code} ${text.slice(primary.span.start, primary.span.end) || '^'}`;
  });
  assert.deepEqual(actual, expected, text);
  assert.equal(printTree(tree), text);
}

/** The expression with all its grouping written out. */
function outline(expression: Expression): string {
  switch (expression.kind) {
    case 'name':
      return expression.name;
    case 'integer':
    case 'float':
      return String(expression.value);
    case 'string':
      return parts(expression.parts);
    case 'path':
      return `path ${parts(expression.parts)}`;
    case 'island': {
      const { body, type, subtree, path } = expression;
      const inner = 'kind' in body ? outline(body) : parts(body);
      return `<${type}:${inner}${subtree.length > 0 ? `::${parts(subtree)}` : ''}>${path.length > 0 ? parts(path) : ''}`;
    }
    case 'lambda':
      return `(${parameter(expression.parameter)} => ${outline(expression.body)})`;
    case 'let':
      return `(let ${bindings(expression.bindings)} in ${outline(expression.body)})`;
    case 'if':
      return `(if ${outline(expression.condition)} ${outline(expression.whenTrue)} ${outline(expression.whenFalse)})`;
    case 'apply':
      return `(${outline(expression.function)} ${outline(expression.argument)})`;
    case 'binary':
      return `(${outline(expression.left)} ${expression.operator} ${outline(expression.right)})`;
    case 'unary':
      return `(${expression.operator}${outline(expression.operand)})`;
    case 'has-attribute':
      return `(${outline(expression.subject)} ? ${keys(expression.path)})`;
    case 'select': {
      const fallback = expression.fallback === undefined ? '' : ` or ${outline(expression.fallback)}`;
      return `(${outline(expression.subject)}.${keys(expression.path)}${fallback})`;
    }
    case 'list':
      return `[${expression.elements.map(outline).join(', ')}]`;
    case 'attributes':
      return `${expression.bind === undefined ? '' : `${expression.bind.name} @ `}{${bindings(expression.bindings)}}`;
    default:
      return unreachable(expression);
  }
}

function parts(list: Parts): string {
  return `"${list.map((part) => (typeof part === 'string' ? part : `\\(${outline(part)})`)).join('')}"`;
}

function keys(path: readonly AttributeKey[]): string {
  return path
    .map((key) =>
      typeof key.parts[0] === 'string' && key.parts.length === 1 ? key.parts[0] : parts(key.parts),
    )
    .join('.');
}

function bindings(list: readonly Binding[]): string {
  return list.map(({ path, value }) => `${keys(path)} = ${outline(value)}`).join(', ');
}

function parameter(it: Parameter): string {
  if (it.kind === 'name') return it.name;
  const fields = it.fields.map(({ name, fallback }) =>
    fallback === undefined ? name : `${name} = ${outline(fallback)}`,
  );
  if (it.open) fields.push('...');
  return `${it.bind === undefined ? '' : `${it.bind.name} @ `}{${fields.join(', ')}}`;
}
