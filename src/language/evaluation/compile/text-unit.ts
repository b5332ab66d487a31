import type { Label } from '../../../diagnostics/index.ts';
import type { AttributeKey, Expression } from '../../syntax/index.ts';
import type { Scope } from '../scope.ts';
import { type Code, type Frame, Unit } from '../thunk.ts';
import type { Value } from '../value.ts';
import { declares } from './declares.ts';
import { compile } from './expression.ts';

/** A piece of a text that may not be needed; it is compiled when it first is. */
export class TextUnit extends Unit {
  readonly expression: Expression;
  readonly scope: Scope;
  readonly #about: string | AttributeKey;

  /** `about` is its step in a trace, or the attribute that it is the value of; empty for none. */
  constructor(expression: Expression, scope: Scope, about: string | AttributeKey = '') {
    super(compileAndRun);
    this.expression = expression;
    this.scope = scope;
    this.#about = about;
  }

  override demote(): void {
    this.run = compileAndRun;
  }

  override get place(): Label {
    const about = this.#about;
    return {
      span: this.scope.file.spanOf(this.expression),
      message: typeof about === 'string' ? about : titleOfAttribute(about),
    };
  }
}

/** The step of a trace that an attribute's value is. */
export function titleOfAttribute({ parts }: AttributeKey): string {
  return `while evaluating the attribute '${parts.map((part) => (typeof part === 'string' ? part : '…')).join('')}'`;
}

function compileAndRun(this: Unit, frame: Frame): Value {
  const { expression, scope } = this as TextUnit;
  const code = compileUnit(expression, scope);
  this.run = code;
  return code(frame);
}

/** Compiles what runs on its own: where it binds names, it has a frame for them. */
export function compileUnit(expression: Expression, scope: Scope): Code {
  if (!declares(expression)) return compile(expression, scope);
  const inner = scope.withFrame([]);
  const code = compile(expression, inner);
  const { size } = inner.layout;
  return (frame) => code(extended([frame], size));
}

/** The frame, made as long as it will be. */
export function extended(frame: Frame, size: number): Frame {
  while (frame.length < size) frame.push(undefined);
  return frame;
}
