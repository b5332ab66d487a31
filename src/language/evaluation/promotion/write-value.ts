import { unreachable } from '../../../foundation/index.ts';
import type { Expression, IfExpression, LetExpression, StringExpression } from '../../syntax/index.ts';
import { compileParts } from '../compile/text.ts';
import { groupBindings, namesOfLet } from '../compile/attributes.ts';
import { compile } from '../compile/expression.ts';
import { Thunk } from '../thunk.ts';
import { Float } from '../value.ts';
import type { Place } from './function-writer.ts';
import { KnownBuiltins, type LocalBinding, localBindingOf } from './local-binding.ts';
import { writeApply } from './write-apply.ts';
import { writeAttributes, writeGroup } from './write-attributes.ts';
import { writeBound, writeElements } from './write-later.ts';
import { writeBinary, writeBoolean, writeUnary } from './write-operators.ts';
import { writeHasAttribute, writeSelect } from './write-select.ts';

/** A JavaScript expression for the value of the expression. What is not written here is left to its compiled code. */
export function writeValue(expression: Expression, place: Place): string {
  switch (expression.kind) {
    case 'name':
      return writeName(expression.name, place);
    case 'integer':
      return writeInteger(expression.value, place);
    case 'float':
      return place.writer.program.constant(new Float(expression.value));
    case 'string':
      return writeString(expression, place);
    case 'lambda': {
      const code = place.writer.program.constant(place.scope.lambda(expression));
      return `new Lambda(${code}, ${place.writer.access.frame})`;
    }
    case 'let':
      return writeLet(expression, place);
    case 'if':
      return writeIf(expression, place);
    case 'apply':
      return writeApply(expression, place);
    case 'binary':
      return writeBinary(expression, place);
    case 'unary':
      return writeUnary(expression, place);
    case 'has-attribute':
      return writeHasAttribute(expression, place);
    case 'select':
      return writeSelect(expression, place);
    case 'list':
      return `[${writeElements(expression.elements, place)}]`;
    case 'attributes':
      return writeAttributes(expression, place) ?? writeCompiled(expression, place);
    case 'path':
    case 'island':
      return writeCompiled(expression, place);
    default:
      return unreachable(expression);
  }
}

/** A call of the code that the expression is compiled to. */
export function writeCompiled(expression: Expression, { scope, writer }: Place): string {
  return `${writer.program.constant(compile(expression, scope))}(${writer.access.frame})`;
}

export function writeInteger(value: number | bigint, { writer }: Place): string {
  return typeof value === 'number' ? `${value}` : writer.program.constant(value);
}

function writeName(name: string, { scope, writer }: Place): string {
  const found = scope.resolve(name);
  if (found.kind === 'global') {
    const slot = writer.program.constant(found.slot);
    return found.slot instanceof Thunk ? `force(${slot})` : slot;
  }
  const variable = writer.variable(found.depth, found.index);
  const key = `${found.depth}:${found.index}`;
  if (writer.forced.has(key)) return variable;
  writer.forced.add(key);
  return writer.with(
    1,
    (value) => `((${value} = ${variable}) instanceof Thunk ? ${variable} = ${value}.force() : ${value})`,
  );
}

function writeIf(expression: IfExpression, place: Place): string {
  const { writer, scope } = place;
  const { condition, whenTrue, whenFalse } = expression;
  const what = "the condition of 'if'";
  const decided = writeBoolean(condition, place, scope.file.siteOf(condition), what);
  const yes = writer.branch(() => writeValue(whenTrue, place));
  const no = writer.branch(() => writeValue(whenFalse, place));
  return `(${decided} ? ${yes} : ${no})`;
}

function writeLet(expression: LetExpression, { scope, writer }: Place): string {
  const groups = groupBindings(expression.bindings, scope);
  const inner = { scope: scope.nested(expression, namesOfLet(groups, scope)), writer };
  const { first } = inner.scope;
  const local = localBindingOf(expression, new KnownBuiltins(scope));
  if (local !== undefined) return writeLocal(local, expression.body, inner);
  const stores = groups.map((group, position) => {
    const value = writeGroup(group, inner, writeBound, '');
    return `${writer.access.frame}[${first + position}] = ${value}, `;
  });
  // The variables of an earlier run of the same text are not those that were just stored.
  for (let position = 0; position < groups.length; position++) writer.forced.delete(`0:${first + position}`);
  return `(${stores.join('')}${writeValue(expression.body, inner)})`;
}

/** A variable of JavaScript in the place of one in the frame. */
function writeLocal({ value }: LocalBinding, body: Expression, inner: Place): string {
  const { writer, scope } = inner;
  const name = writer.local(scope.first);
  const computed = writeValue(value, inner);
  writer.forced.add(`0:${scope.first}`);
  return `(${name} = ${computed}, ${writeValue(body, inner)})`;
}

function writeString(expression: StringExpression, place: Place): string {
  const { scope, writer } = place;
  const { parts } = expression;
  if (parts.every((part) => typeof part === 'string')) return JSON.stringify(parts.join(''));
  const expressions = parts.filter((part) => typeof part !== 'string');
  return writer.with(expressions.length, (...names) => {
    const plain = names.map((name) => `(typeof ${name} === 'string' || typeof ${name} === 'number')`);
    const values = expressions.map((part, index) => {
      const name = names[index] ?? '';
      const value = `${name} = ${writeValue(part, place)}, `;
      if (index === names.length - 1) return value;
      // What cannot stand in a text is told before the next part is evaluated.
      const site = writer.program.constant(scope.file.siteOf(part));
      return `${value}${plain[index] ?? ''} || (${name} = toText(${name}, ${site}, 'a text')), `;
    });
    let next = 0;
    const pieces = parts.map((part) => (typeof part === 'string' ? JSON.stringify(part) : names[next++]));
    const compiled = writer.program.constant(compileParts(parts, scope));
    return `(${values.join('')}${plain.join(' && ')} ? '' + ${pieces.join(' + ')} : interpolateValues(${compiled}, [${names.join(', ')}]))`;
  });
}
