import { type Diagnostic, type Source, meant, nearest } from '../../diagnostics/index.ts';
import { unreachable } from '../../foundation/index.ts';
import { foreignName } from './foreign-names.ts';
import type {
  AttributeKey,
  BinaryExpression,
  Binding,
  Expression,
  Parameter,
  Parts,
  SelectExpression,
} from '../syntax/index.ts';

/** One diagnostic for each use of a name that is bound nowhere around it, for the whole text and without evaluating it. */
export function checkNames(
  expression: Expression,
  source: Source,
  globals: { has(name: string): boolean; keys(): Iterable<string> },
): readonly Diagnostic[] {
  const checker = new NameChecker(source, globals);
  checker.check(expression);
  return checker.diagnostics;
}

/** What to do about a name that is not defined, and what to write in its place where that is known. */
interface Advice {
  readonly hint?: string;
  readonly text?: string;
}

class NameChecker {
  readonly diagnostics: Diagnostic[] = [];
  readonly #source: Source;
  readonly #globals: { has(name: string): boolean; keys(): Iterable<string> };
  /** How many bindings of a name are around the place that is looked at. */
  readonly #bound = new Map<string, number>();

  constructor(source: Source, globals: { has(name: string): boolean; keys(): Iterable<string> }) {
    this.#source = source;
    this.#globals = globals;
  }

  check(expression: Expression): void {
    switch (expression.kind) {
      case 'integer':
      case 'float':
        return;
      case 'name':
        return this.#checkName(expression.name, expression.start, expression.end);
      case 'string':
      case 'path':
        return this.#checkParts(expression.parts);
      case 'island':
        if ('kind' in expression.body) this.check(expression.body);
        else this.#checkParts(expression.body);
        this.#checkParts(expression.subtree);
        return this.#checkParts(expression.path);
      case 'lambda':
        return this.#checkLambda(expression.parameter, expression.body);
      case 'let':
        return this.#within(namesOf(expression.bindings), () => {
          this.#checkBindings(expression.bindings);
          this.check(expression.body);
        });
      case 'if':
        this.check(expression.condition);
        this.check(expression.whenTrue);
        return this.check(expression.whenFalse);
      case 'apply':
        this.check(expression.function);
        return this.check(expression.argument);
      case 'binary':
        if (this.#checkDivision(expression) || this.#checkArrow(expression)) return;
        this.check(expression.left);
        return this.check(expression.right);
      case 'unary':
        return this.check(expression.operand);
      case 'has-attribute':
        this.check(expression.subject);
        return this.#checkPath(expression.path);
      case 'select':
        this.#checkSubject(expression);
        this.#checkPath(expression.path);
        if (expression.fallback !== undefined) this.check(expression.fallback);
        return;
      case 'list':
        for (const element of expression.elements) this.check(element);
        return;
      case 'attributes':
        return this.#within(expression.bind === undefined ? [] : [expression.bind.name], () =>
          this.#checkBindings(expression.bindings),
        );
      default:
        return unreachable(expression);
    }
  }

  /** The functions of Nix's lib are builtins: what is selected from it says which one is meant. */
  #checkSubject({ subject, path: [key] }: SelectExpression): void {
    const [name, ...others] = key?.parts ?? [];
    const isLib = subject.kind === 'name' && subject.name === 'lib' && !this.#isBound('lib');
    if (!isLib || key === undefined || typeof name !== 'string' || others.length > 0) {
      return this.check(subject);
    }
    const { text: own, hint }: Advice = this.#globals.has(name) ? { text: name } : this.#advice(name);
    const span = { source: this.#source, start: subject.start, end: key.end };
    this.diagnostics.push({
      code: 'CAB2001',
      severity: 'error',
      message: "the name 'lib' is not defined",
      primary: { span: { ...span, end: subject.end }, message: 'not bound here or around' },
      hint:
        own === undefined
          ? (hint ?? "there is no lib: its functions are builtins, and 'cab repl' completes their names")
          : `in Cab it is the builtin '${own}'`,
      ...(own !== undefined && { replacement: { span, text: own } }),
    });
  }

  /** `folder/file`, a division by its form, is told as the path that it most likely is. */
  #checkDivision(expression: BinaryExpression): boolean {
    if (expression.operator !== '/') return false;
    let first: Expression = expression;
    while (first.kind === 'binary' && first.operator === '/') first = first.left;
    if (first.kind !== 'name' || this.#isBound(first.name)) return false;
    const { start, end } = expression;
    const text = this.#source.text.slice(start, end);
    if (!/^[A-Za-z0-9._+@/-]+$/.test(text)) return false;
    const span = { source: this.#source, start, end };
    this.diagnostics.push({
      code: 'CAB2001',
      severity: 'error',
      message: `the name '${first.name}' is not defined`,
      primary: { span: { ...span, end: first.end }, message: 'not bound here or around' },
      hint: `as a path it is written ./${text}`,
      replacement: { span, text: `./${text}` },
    });
    return true;
  }

  #isBound(name: string): boolean {
    return (this.#bound.get(name) ?? 0) > 0 || this.#globals.has(name);
  }

  /** Whether it is `x -> …` for a name that is bound nowhere, which is how other languages write functions. */
  #checkArrow({ operator, operatorStart, left, right }: BinaryExpression): boolean {
    if (operator !== '->' || left.kind !== 'name' || this.#isBound(left.name)) return false;
    const span = { source: this.#source, start: operatorStart, end: operatorStart + 2 };
    this.diagnostics.push({
      code: 'CAB2001',
      severity: 'error',
      message: `the name '${left.name}' is not defined`,
      primary: {
        span: { source: this.#source, start: left.start, end: left.end },
        message: 'not bound here or around',
      },
      labels: [{ span, message: "'->' is an implication between booleans" }],
      hint: `a function is written ${left.name} => …`,
      replacement: { span, text: '=>' },
    });
    this.#within([left.name], () => this.check(right));
    return true;
  }

  #checkName(name: string, start: number, end: number): void {
    if (this.#isBound(name)) return;
    const span = { source: this.#source, start, end };
    const { hint, text } = this.#advice(name);
    this.diagnostics.push({
      code: 'CAB2001',
      severity: 'error',
      message: `the name '${name}' is not defined`,
      primary: { span, message: 'not bound here or around' },
      ...(hint !== undefined && { hint }),
      ...(text !== undefined && { replacement: { span, text } }),
    });
  }

  /** What may be meant: a name of the text before one of another language, and that before one that is only near. */
  #advice(name: string): Advice {
    const own = this.#bound.entries().filter(([, count]) => count > 0);
    const near = nearest(
      name,
      own.map(([bound]) => bound),
    );
    const foreign = near === undefined ? foreignName(name, (other) => this.#globals.has(other)) : undefined;
    if (foreign !== undefined) return foreign;
    const text = near ?? nearest(name, this.#globals.keys());
    return text === undefined ? {} : { hint: meant(text), text };
  }

  #checkLambda(parameter: Parameter, body: Expression): void {
    if (parameter.kind === 'name') return this.#within([parameter.name], () => this.check(body));
    const names = parameter.fields.map((field) => field.name);
    if (parameter.bind !== undefined) names.push(parameter.bind.name);
    this.#within(names, () => {
      for (const { fallback } of parameter.fields) if (fallback !== undefined) this.check(fallback);
      this.check(body);
    });
  }

  #checkBindings(bindings: readonly Binding[]): void {
    for (const { path, value } of bindings) {
      this.#checkPath(path);
      this.check(value);
    }
  }

  #checkPath(path: readonly AttributeKey[]): void {
    for (const { parts } of path) this.#checkParts(parts);
  }

  #checkParts(parts: Parts): void {
    for (const part of parts) if (typeof part !== 'string') this.check(part);
  }

  #within(names: readonly string[], check: () => void): void {
    for (const name of names) this.#bound.set(name, (this.#bound.get(name) ?? 0) + 1);
    check();
    for (const name of names) this.#bound.set(name, (this.#bound.get(name) ?? 0) - 1);
  }
}

/** The names that the bindings of a `let` introduce. */
function namesOf(bindings: readonly Binding[]): string[] {
  const names = new Set<string>();
  for (const { path } of bindings) {
    const name = path[0]?.parts;
    if (name?.length === 1 && typeof name[0] === 'string') names.add(name[0]);
  }
  return [...names];
}
