import { unreachable } from '../../../../src/foundation/index.ts';
import type {
  ApplyExpression,
  AttributeKey,
  Binding,
  Expression,
  Parameter,
} from '../../../../src/language/syntax/index.ts';
import { builtins } from './builtins.ts';
import { applyOperator, booleanOf, bounded, mapOf, numberOf } from './operators.ts';
import { Callable, Cell, Double, Failure, type Place, Run, type Value } from './value.ts';

/** The variables of an expression: those bound last, and those around them. */
class Scope {
  readonly names: Map<string, Cell>;
  readonly outer: Scope | undefined;

  constructor(names: Map<string, Cell>, outer?: Scope) {
    this.names = names;
    this.outer = outer;
  }

  get(name: string): Cell {
    const cell = this.names.get(name) ?? this.outer?.get(name);
    if (cell === undefined) throw new Error(`the program uses '${name}', which it does not bind`);
    return cell;
  }
}

/**
 * Evaluates an expression by the rules of the language, as simply as can be: it shares nothing with the evaluator but the
 * parser. It knows strings without context, and no paths, islands or derivations.
 */
export class ReferenceInterpreter {
  readonly traced: string[] = [];
  readonly #globals: Scope;

  constructor(files: Readonly<Record<string, string>> = {}) {
    this.#globals = new Scope(builtins(this.traced, files));
  }

  evaluate(expression: Expression, scope = this.#globals): Value {
    Run.current.step();
    switch (expression.kind) {
      case 'name':
        return scope.get(expression.name).force();
      case 'integer':
        return BigInt(expression.value);
      case 'float':
        return new Double(expression.value);
      case 'string':
        return this.#text(expression.parts, scope);
      case 'list':
        return expression.elements.map((element) => this.#later(element, scope));
      case 'lambda':
        return new Callable((argument, place) => {
          return this.evaluate(expression.body, this.#bind(expression.parameter, argument, scope, place));
        });
      case 'apply':
        return this.#apply(expression, scope, expression);
      case 'if': {
        const condition = this.#boolean(expression.condition, scope);
        return this.evaluate(condition ? expression.whenTrue : expression.whenFalse, scope);
      }
      case 'let': {
        const inner = new Scope(new Map(), scope);
        for (const [name, cell] of this.#bindings(expression.bindings, inner)) inner.names.set(name, cell);
        return this.evaluate(expression.body, inner);
      }
      case 'attributes': {
        if (expression.bind === undefined) return this.#bindings(expression.bindings, scope);
        const inner = new Scope(new Map(), scope);
        const finished = new Cell(() => this.#bindings(expression.bindings, inner));
        inner.names.set(expression.bind.name, finished);
        return finished.force();
      }
      case 'unary': {
        if (expression.operator === '!') return !this.#boolean(expression.operand, scope);
        const operand = numberOf(this.evaluate(expression.operand, scope), expression.operand);
        return operand instanceof Double ? new Double(-operand.value) : -operand;
      }
      case 'binary': {
        const { operator, left, right } = expression;
        if (operator === '&&') return this.#boolean(left, scope) && this.#boolean(right, scope);
        if (operator === '||') return this.#boolean(left, scope) || this.#boolean(right, scope);
        if (operator === '->') return !this.#boolean(left, scope) || this.#boolean(right, scope);
        return applyOperator(operator, this.evaluate(left, scope), this.evaluate(right, scope), expression);
      }
      case 'select':
        return this.#select(expression.subject, expression.path, expression.fallback, scope);
      case 'has-attribute': {
        const last = expression.path.at(-1) as AttributeKey;
        const found = this.#follow(expression.subject, expression.path.slice(0, -1), scope);
        return found instanceof Map && found.has(this.#name(last, scope));
      }
      case 'path':
        // Only 'readFile' gets it.
        return this.#text(expression.parts, scope);
      case 'island':
        throw new Error('the reference interpreter knows no islands');
      default:
        return unreachable(expression);
    }
  }

  /** A call, which may be the beginning of a chain `f x y`. */
  #apply(expression: ApplyExpression, scope: Scope, chain: Place): Value {
    const { function: inner, argument, start, end } = expression;
    const callee = inner.kind === 'apply' ? this.#apply(inner, scope, chain) : this.evaluate(inner, scope);
    if (!(callee instanceof Callable)) throw new Failure('CAB2006', { start, end, chain });
    return callee.call(this.#later(argument, scope), { start, end, chain });
  }

  #later(expression: Expression, scope: Scope): Cell {
    return new Cell(() => this.evaluate(expression, scope));
  }

  #boolean(expression: Expression, scope: Scope): boolean {
    return booleanOf(this.evaluate(expression, scope), expression);
  }

  /** The scope of a function's body. */
  #bind(parameter: Parameter, argument: Cell, scope: Scope, place: Place): Scope {
    if (parameter.kind === 'name') return new Scope(new Map([[parameter.name, argument]]), scope);
    const given = mapOf(argument.force(), place);
    const { fields, open, bind } = parameter;
    const isMissing = fields.some(({ name, fallback }) => fallback === undefined && !given.has(name));
    if (isMissing) throw new Failure('CAB2008', place);
    const names = new Set(fields.map(({ name }) => name));
    if (!open && given.keys().some((name) => !names.has(name))) throw new Failure('CAB2007', place);
    const inner = new Scope(new Map(bind === undefined ? [] : [[bind.name, argument]]), scope);
    for (const { name, fallback } of fields) {
      inner.names.set(name, given.get(name) ?? this.#later(fallback as Expression, inner));
    }
    return inner;
  }

  #bindings(bindings: readonly Binding[], scope: Scope): Map<string, Cell> {
    const cells = new Map<string, Cell>();
    const below = new Map<string, Binding[]>();
    for (const { path, value, start, end } of bindings) {
      const [key, ...rest] = path as [AttributeKey, ...AttributeKey[]];
      const name = this.#name(key, scope);
      const others = isStatic(key) ? below.get(name) : undefined;
      const binding = { path: rest, value, start, end };
      if (others !== undefined) {
        others.push(binding);
        continue;
      }
      if (cells.has(name)) throw new Failure('CAB2009', key);
      const group = [binding];
      if (rest.length > 0 && isStatic(key)) below.set(name, group);
      cells.set(
        name,
        rest.length === 0 ? this.#later(value, scope) : new Cell(() => this.#bindings(group, scope)),
      );
    }
    return cells;
  }

  #select(
    subject: Expression,
    path: readonly AttributeKey[],
    fallback: Expression | undefined,
    scope: Scope,
  ): Value {
    if (fallback !== undefined) {
      const found = this.#follow(subject, path, scope);
      return found === undefined ? this.evaluate(fallback, scope) : found;
    }
    let value = this.evaluate(subject, scope);
    for (const key of path) {
      const name = this.#name(key, scope);
      if (!(value instanceof Map)) throw new Failure('CAB2004', key);
      const cell: Cell | undefined = value.get(name);
      if (cell === undefined) throw new Failure('CAB2005', key);
      value = cell.force();
    }
    return value;
  }

  /** The value at the end of the path, or undefined where something on the way is missing. */
  #follow(subject: Expression, path: readonly AttributeKey[], scope: Scope): Value | undefined {
    let value: Value | undefined = this.evaluate(subject, scope);
    for (const key of path) {
      const name = this.#name(key, scope);
      value = value instanceof Map ? (value.get(name) as Cell | undefined)?.force() : undefined;
      if (value === undefined) return undefined;
    }
    return value;
  }

  #name({ parts }: AttributeKey, scope: Scope): string {
    return this.#text(parts, scope);
  }

  #text(parts: readonly (string | Expression)[], scope: Scope): string {
    const texts = parts.map((part) => {
      if (typeof part === 'string') return part;
      const value = this.evaluate(part, scope);
      if (typeof value === 'string' || typeof value === 'bigint') return String(value);
      throw new Failure('CAB2014', part);
    });
    return bounded(texts.join(''));
  }
}

function isStatic({ parts }: AttributeKey): boolean {
  return parts.every((part) => typeof part === 'string');
}
