import type { Derivation, Fix } from '../../derivations/index.ts';
import { Attributes } from './attributes.ts';
import { type ContextElement, contextOf, outputString, treeString, withContext } from './context.ts';
import { Circle } from './circle.ts';
import { annotateValue } from './fault.ts';
import { type DerivationArguments, derivationOf, nameOf, outputsOf } from './make-derivation.ts';
import type { ContextString, Slot } from './value.ts';

/**
 * A derivation in the language. What `derivation` is called with is looked at only where it is needed: the name or `meta` of
 * a derivation can be read without anything else of it.
 */
export class DerivationValue {
  /** What stands for it in a text, once that was asked for. */
  text: ContextString | undefined;
  readonly #given: DerivationArguments | undefined;
  #derivation: Derivation | undefined;
  #isBeingMade = false;

  private constructor(given: DerivationArguments | undefined, derivation: Derivation | undefined) {
    this.#given = given;
    this.#derivation = derivation;
  }

  static of(derivation: Derivation): DerivationValue {
    return new DerivationValue(undefined, derivation);
  }

  static fromArguments(given: DerivationArguments): DerivationValue {
    return new DerivationValue(given, undefined);
  }

  get derivation(): Derivation {
    if (this.#derivation !== undefined) return this.#derivation;
    if (this.#given === undefined || this.#isBeingMade) throw new Circle(this);
    this.#isBeingMade = true;
    try {
      return (this.#derivation = derivationOf(this.#given));
    } catch (error) {
      throw annotateValue(error, this, stepOf(this.#given));
    } finally {
      this.#isBeingMade = false;
    }
  }

  get name(): string {
    return this.#derivation?.name ?? (this.#given === undefined ? '' : nameOf(this.#given));
  }

  get outputs(): readonly string[] {
    return this.#derivation?.outputs ?? (this.#given === undefined ? [] : outputsOf(this.#given));
  }

  /** What the author added for readers; no part of what is built. */
  get meta(): Slot | undefined {
    return this.#given?.attributes.get('meta');
  }
}

function stepOf({ site }: DerivationArguments) {
  return site.span === undefined ? undefined : { span: site.span, message: 'while making this derivation' };
}

/** The attributes that every derivation has, besides its outputs. */
const derivationAttributes = [
  'name',
  'builder',
  'arguments',
  'environment',
  'outputs',
  'requiredRealizerFeatures',
  'fix',
  'id',
] as const;

export function derivationAttributeNames(value: DerivationValue): readonly string[] {
  return [...derivationAttributes, ...(value.meta === undefined ? [] : ['meta']), ...value.outputs];
}

/** An attribute of a derivation: one of its parts, `meta`, or an output as a string with context. */
export function derivationAttribute(value: DerivationValue, name: string): Slot | undefined {
  switch (name) {
    case 'name':
      return value.name;
    case 'meta':
      return value.meta;
    case 'outputs':
      return value.outputs;
    case 'id':
      return value.derivation.id;
    case 'fix':
      return fixValue(value.derivation.fix);
    case 'requiredRealizerFeatures':
      return value.derivation.requiredRealizerFeatures;
    case 'builder':
      return textIn(value.derivation, value.derivation.builder);
    case 'arguments':
      return value.derivation.arguments.map((text) => textIn(value.derivation, text));
    case 'environment': {
      const { derivation } = value;
      const entries = Object.entries(derivation.environment);
      return Attributes.fromMap(
        new Map(entries.map(([variable, text]) => [variable, textIn(derivation, text)])),
      );
    }
    default:
      return value.outputs.includes(name) ? outputString(value.derivation, name) : undefined;
  }
}

function fixValue(fix: Fix): Slot {
  if (fix.kind === 'none') return null;
  return fix.kind === 'self' ? 'self' : Attributes.fromMap(new Map(Object.entries(fix.pins)));
}

/** A text of a derivation with what it mentions of the derivation's inputs in its context. */
function textIn(derivation: Derivation, text: string): string | ContextString {
  const context = new Map<string, ContextElement>();
  const mention = (string: ContextString) => {
    if (text.includes(string.text)) for (const [key, element] of contextOf(string)) context.set(key, element);
  };
  for (const input of derivation.inputs.derivations) {
    for (const output of input.outputs) mention(outputString(input.derivation, output));
  }
  for (const tree of derivation.inputs.trees) mention(treeString(tree));
  return withContext(text, context);
}
