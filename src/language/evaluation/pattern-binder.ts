import { type Span, meant, nearest } from '../../diagnostics/index.ts';
import { type PatternField, type PatternParameter, isPlainName } from '../syntax/index.ts';
import { Attributes } from './attributes.ts';
import { TextUnit } from './compile/text-unit.ts';
import { describe } from './describe.ts';
import { type Site, fault } from './fault.ts';
import type { LambdaCode } from './lambda.ts';
import type { Scope } from './scope.ts';
import type { Shape } from './shape.ts';
import { type Frame, Thunk, type Unit, force } from './thunk.ts';
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
    const message = `the function takes attributes, and gets ${describe(force(value))}`;
    return fault(argumentSpan(site), 'CAB2004', message, {
      labels: [{ span: this.#code.spanOf(this.#pattern), message: 'the attributes that it takes' }],
    });
  }

  #missing(field: PatternField, given: Attributes, site: Site): Error {
    const taken = new Set(this.#pattern.fields.map(({ name }) => name));
    const near = nearest(
      field.name,
      given.names().filter((other) => !taken.has(other)),
    );
    const misspelt = near === undefined ? undefined : given.placeOf(near)?.name;
    const message = `the function needs the argument '${field.name}', and does not get it`;
    return fault(misspelt ?? argumentSpan(site), 'CAB2008', message, {
      labels: [{ span: this.#code.spanOf(field), message: 'needed here' }],
      hint: near === undefined ? undefined : `the call gives '${near}', which may be meant for it`,
      replacement: misspelt === undefined ? undefined : replacementOf(misspelt, field.name),
    });
  }

  #unexpected(given: Attributes, site: Site): Error {
    const taken = this.#pattern.fields.map(({ name }) => name);
    const name = given.names().find((candidate) => !taken.includes(candidate)) ?? '';
    const place = given.placeOf(name)?.name;
    const near = nearest(
      name,
      taken.filter((other) => !given.has(other)),
    );
    return fault(place ?? argumentSpan(site), 'CAB2007', `the function does not take an argument '${name}'`, {
      labels: [{ span: this.#code.spanOf(this.#pattern), message: 'the arguments that it takes' }],
      hint: near === undefined ? undefined : meant(near),
      replacement: near === undefined || place === undefined ? undefined : replacementOf(place, near),
    });
  }
}

/** The argument of a call with one, else the whole call: which of several it is cannot be told from the place. */
function argumentSpan({ call, span }: Site): Span | undefined {
  const [only, ...others] = call?.arguments ?? [];
  return only === undefined || others.length > 0 ? span : only.span;
}

/** The name as an edit, unless the attribute is written `{ name }`, where it is the name of the variable too. */
function replacementOf({ source, end }: Span, name: string): string | undefined {
  return isPlainName(name) && /^\s*=/.test(source.text.slice(end, end + 100)) ? name : undefined;
}
