import type { LambdaExpression, Located, PatternParameter } from '../syntax/index.ts';
import type { Span } from '../../diagnostics/index.ts';
import { type CompiledLambda, compileLambdaBody } from './compile/lambda.ts';
import type { Scope } from './scope.ts';
import type { Frame } from './thunk.ts';

/** The code of a lambda expression, compiled when it is first called. */
export class LambdaCode {
  readonly expression: LambdaExpression;
  readonly #scope: Scope;
  #compiled: CompiledLambda | undefined;

  constructor(expression: LambdaExpression, scope: Scope) {
    this.expression = expression;
    this.#scope = scope;
  }

  get compiled(): CompiledLambda {
    return (this.#compiled ??= compileLambdaBody(this.expression, this.#scope));
  }

  /** The pattern of the parameter, or undefined where it is a plain name. */
  get pattern(): PatternParameter | undefined {
    const { parameter } = this.expression;
    return parameter.kind === 'pattern' ? parameter : undefined;
  }

  spanOf(located: Located): Span {
    return this.#scope.file.spanOf(located);
  }
}

/** A function of a text, with the variables that it sees. */
export class Lambda {
  readonly code: LambdaCode;
  readonly frame: Frame;

  constructor(code: LambdaCode, frame: Frame) {
    this.code = code;
    this.frame = frame;
  }
}
