import type { LambdaExpression, PatternParameter } from '../../syntax/index.ts';
import type { Attributes } from '../attributes.ts';
import type { Scope } from '../scope.ts';
import { type Code, type Frame, Thunk, placeCode } from '../thunk.ts';
import { compile } from './expression.ts';

/** A function ready to be called. */
export interface CompiledLambda {
  readonly body: Code;
  /** The length of its frames. */
  readonly size: number;
  /** Puts the attributes of the argument into the frame; undefined where the parameter is a plain name. */
  readonly bindPattern: ((frame: Frame, argument: Attributes) => void) | undefined;
  /** The attributes that the argument must have. */
  readonly required: readonly string[];
  /** All that it may have; undefined where it may have any. */
  readonly names: ReadonlySet<string> | undefined;
}

export function compileLambdaBody(expression: LambdaExpression, outer: Scope): CompiledLambda {
  const scope = outer.ofFunction();
  const { parameter, body } = expression;
  if (parameter.kind === 'name') {
    scope.declare(parameter.name);
    const code = compile(body, scope);
    return { body: code, size: scope.layout.size, bindPattern: undefined, required: [], names: undefined };
  }
  const bindPattern = compilePattern(parameter, scope);
  const code = compile(body, scope);
  return {
    body: code,
    size: scope.layout.size,
    bindPattern,
    required: parameter.fields.filter(({ fallback }) => fallback === undefined).map(({ name }) => name),
    names: parameter.open ? undefined : new Set(parameter.fields.map(({ name }) => name)),
  };
}

function compilePattern(pattern: PatternParameter, scope: Scope): CompiledLambda['bindPattern'] {
  const { bind, fields } = pattern;
  if (bind !== undefined) scope.declare(bind.name);
  for (const { name } of fields) scope.declare(name);
  const bound = fields.map(({ name, fallback }) => {
    if (fallback === undefined) return { name, fallback: undefined };
    const message = `while evaluating the default of the argument '${name}'`;
    return {
      name,
      fallback: placeCode(compile(fallback, scope), { span: scope.file.spanOf(fallback), message }),
    };
  });
  return (frame, argument) => {
    if (bind !== undefined) frame.push(argument);
    for (const { name, fallback } of bound) {
      const given = argument.get(name);
      frame.push(given === undefined && fallback !== undefined ? new Thunk(fallback, frame) : given);
    }
  };
}
