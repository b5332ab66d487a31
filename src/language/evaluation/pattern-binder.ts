import { didYouMean, nearest } from '../../diagnostics/index.ts';
import type { PatternField, PatternParameter } from '../syntax/index.ts';
import { Attributes } from './attributes.ts';
import { TextUnit } from './compile/text-unit.ts';
import { type Site, fault } from './fault.ts';
import type { LambdaCode } from './lambda.ts';
import type { Scope } from './scope.ts';
import type { Shape } from './shape.ts';
import { type Frame, Thunk, type Unit, force } from './thunk.ts';
import { phraseOf } from './types.ts';
import type { Slot } from './value.ts';

/** Takes the attributes that a function is called with apart, as its pattern says. */
export class PatternBinder {
  readonly #code: LambdaCode;
  readonly #pattern: PatternParameter;
  /** The defaults, each beside its field. */
  readonly #defaults: readonly (Unit | undefined)[];
  /** The shape of the arguments that came last, which passed all checks, and where each field is in it, -1 for nowhere. */
  #shape: Shape | undefined;
  #indices: readonly number[] = [];

  constructor(code: LambdaCode, pattern: PatternParameter, scope: Scope) {
    this.#code = code;
    this.#pattern = pattern;
    this.#defaults = pattern.fields.map(({ name, fallback }) =>
      fallback === undefined
        ? undefined
        : new TextUnit(fallback, scope, `while evaluating the default of the argument '${name}'`),
    );
  }

  /** Puts the attributes of the argument into the frame, behind what is there. */
  bind(frame: Frame, argument: Slot, site: Site): void {
    const value = force(argument);
    if (!(value instanceof Attributes)) throw this.#notAttributes(value, site);
    if (value.shape !== this.#shape) this.#check(value, site);
    if (this.#pattern.bind !== undefined) frame.push(value);
    const { slots } = value;
    for (let position = 0; position < this.#indices.length; position++) {
      const index = this.#indices[position] as number;
      frame.push(index === -1 ? new Thunk(this.#defaults[position] as Unit, frame) : slots[index]);
    }
  }

  /** Makes sure that attributes of the shape are just those that the pattern asks for. */
  #check(value: Attributes, site: Site): void {
    const { shape } = value;
    const { fields, open } = this.#pattern;
    let found = 0;
    const indices = fields.map((field) => {
      const index = shape.indexOf(field.name);
      if (index !== -1) found++;
      else if (field.fallback === undefined) throw this.#missing(field, value, site);
      return index;
    });
    if (!open && found < shape.names.length) throw this.#unexpected(value, site);
    this.#shape = shape;
    this.#indices = indices;
  }

  #notAttributes(value: Slot, site: Site): Error {
    return fault(site.span, 'CAB2004', `the function takes attributes, and gets ${phraseOf(force(value))}`, {
      labels: [{ span: this.#code.spanOf(this.#pattern), message: 'the attributes that it takes' }],
    });
  }

  #missing(field: PatternField, given: Attributes, site: Site): Error {
    const taken = new Set(this.#pattern.fields.map(({ name }) => name));
    const near = nearest(
      field.name,
      given.names().filter((other) => !taken.has(other)),
    );
    return fault(
      site.span,
      'CAB2008',
      `the function needs the argument '${field.name}', and does not get it`,
      {
        labels: [{ span: this.#code.spanOf(field), message: 'needed here' }],
        hint: near === undefined ? undefined : `the call gives '${near}', which may be meant for it`,
      },
    );
  }

  #unexpected(given: Attributes, site: Site): Error {
    const taken = this.#pattern.fields.map(({ name }) => name);
    const name = given.names().find((candidate) => !taken.includes(candidate)) ?? '';
    return fault(site.span, 'CAB2007', `the function does not take an argument '${name}'`, {
      labels: [{ span: this.#code.spanOf(this.#pattern), message: 'the arguments that it takes' }],
      hint: didYouMean(
        name,
        taken.filter((other) => !given.has(other)),
      ),
    });
  }
}
