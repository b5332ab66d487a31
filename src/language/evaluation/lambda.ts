import type { Span } from '../../diagnostics/index.ts';
import type {
  Expression,
  LambdaExpression,
  Located,
  NameParameter,
  Parameter,
  PatternParameter,
} from '../syntax/index.ts';
import { compileLambda } from './compile/lambda.ts';
import type { Site } from './fault.ts';
import { promote } from './promotion/promote.ts';
import type { Scope } from './scope.ts';
import { type Frame, Thunk, Unit } from './thunk.ts';
import type { Slot, Value } from './value.ts';

/** How many parameters of `a => b => …` are taken by one call at most. */
const maximumArity = 3;

/** After how many calls a function is worth being written as JavaScript. */
const callsOfHot = 300;

/** As many calls more it takes where an effect was waited for: then there may soon be others to be asked for. */
const callsAfterEffect = 3000;

/** Calls a function with all of its arguments. `outer` is the frame that it was made in. */
export type Enter = (
  this: LambdaCode,
  outer: Frame,
  site: Site,
  first: Slot,
  second?: Slot,
  third?: Slot,
) => Value;

/** What a function is compiled to. */
export interface CompiledLambda {
  readonly enter: Enter;
  /** The length of its frames. */
  readonly size: number;
  /** Runs the body in a frame that has all arguments. */
  readonly body: (this: Unit, frame: Frame) => Value;
  /** What the body comes to where that is known without evaluating anything; absent where it never is. */
  readonly atHand: ((frame: Frame) => Slot | undefined) | undefined;
}

/**
 * The code of a lambda expression, compiled when it is first called. Lambdas that are the whole body of another are one with it,
 * as far as only the last has a pattern: `a => b => { c } => …` takes three arguments.
 */
export class LambdaCode {
  readonly expression: LambdaExpression;
  /** The scope that the lambda is written in. */
  readonly scope: Scope;
  /** The parameters before the last. */
  readonly leading: readonly NameParameter[];
  readonly last: Parameter;
  readonly body: Expression;
  /** How many arguments it takes. */
  readonly arity: number;
  enter: Enter = enterFirst;
  /** The body as what waits to become a value. */
  readonly unit = new Unit(cannotRun);
  /** The parameters that a call evaluates before anything else, as bits by their index; known once the function is promoted. */
  evaluatedFirst = 0;
  /** How often it has been called before it was promoted. */
  calls = 0;
  #compiled: CompiledLambda | undefined;
  /** What it is compiled to before it is promoted. */
  #plain: CompiledLambda | undefined;
  #bodyScope: Scope | undefined;

  constructor(expression: LambdaExpression, scope: Scope) {
    const leading: NameParameter[] = [];
    let innermost = expression;
    while (
      innermost.parameter.kind === 'name' &&
      innermost.body.kind === 'lambda' &&
      leading.length < maximumArity - 1
    ) {
      leading.push(innermost.parameter);
      innermost = innermost.body;
    }
    this.expression = expression;
    this.scope = scope;
    this.leading = leading;
    this.last = innermost.parameter;
    this.body = innermost.body;
    this.arity = leading.length + 1;
  }

  get compiled(): CompiledLambda {
    return this.#compiled ?? this.become((this.#plain ??= compileLambda(this)));
  }

  /** The scope of the parameters. */
  get bodyScope(): Scope {
    return (this.#bodyScope ??= this.scope.withFrame(this.#names()));
  }

  /** Notes a call; a function that is called often is promoted. */
  noteCall(): void {
    if (++this.calls === callsOfHot) promote(this);
  }

  /** Goes back to what it was before it was promoted. */
  demote(): void {
    if (this.#plain === undefined) return;
    this.calls = -callsAfterEffect;
    this.become(this.#plain);
  }

  #names(): readonly string[] {
    const names = this.leading.map(({ name }) => name);
    const { last } = this;
    if (last.kind === 'name') return [...names, last.name];
    if (last.bind !== undefined) names.push(last.bind.name);
    return [...names, ...last.fields.map(({ name }) => name)];
  }

  /** Lets the function go on as this, from its next call on. */
  become(compiled: CompiledLambda): CompiledLambda {
    this.#compiled = compiled;
    this.enter = compiled.enter;
    this.unit.run = compiled.body;
    return compiled;
  }

  spanOf(located: Located): Span {
    return this.scope.file.spanOf(located);
  }
}

function enterFirst(
  this: LambdaCode,
  outer: Frame,
  site: Site,
  first: Slot,
  second?: Slot,
  third?: Slot,
): Value {
  void this.compiled;
  return this.enter(outer, site, first, second, third);
}

function cannotRun(): never {
  throw new Error('a function is called that was not compiled');
}

/** A function of a text, with the variables that it sees and the arguments that it has got so far. */
export class Lambda {
  readonly code: LambdaCode;
  readonly frame: Frame;
  readonly applied: readonly Slot[] | undefined;

  constructor(code: LambdaCode, frame: Frame, applied?: readonly Slot[]) {
    this.code = code;
    this.frame = frame;
    this.applied = applied;
  }

  /** The pattern of the parameter that comes next, or undefined where it is a plain name. */
  get pattern(): PatternParameter | undefined {
    const { last, arity } = this.code;
    if (last.kind !== 'pattern') return undefined;
    return (this.applied?.length ?? 0) === arity - 1 ? last : undefined;
  }
}

/** A frame that is there only while something is tried out in it. */
const trial: Frame = [];

/** The call with the last argument, put off until its value is needed; the value itself where it is at hand. */
export function completeLater({ code, frame: outer, applied }: Lambda, argument: Slot): Slot {
  const { size, atHand } = code.compiled;
  if (applied === undefined) {
    if (atHand !== undefined) {
      code.noteCall();
      trial[0] = outer;
      trial[1] = argument;
      const value = atHand(trial);
      if (value !== undefined) return value;
    }
    if (size === 2) return new Thunk(code.unit, [outer, argument]);
  }
  const frame: Frame = applied === undefined ? [outer] : [outer, ...applied];
  frame.push(argument);
  while (frame.length < size) frame.push(undefined);
  return new Thunk(code.unit, frame);
}
