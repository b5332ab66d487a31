import {
  type Derivation,
  type DerivationParts,
  type Fix,
  faultOfDerivation,
  makeDerivation,
} from '../../derivations/index.ts';
import { meant, nearest } from '../../diagnostics/index.ts';
import { compareCodePoints } from '../../foundation/index.ts';
import { Attributes } from './attributes.ts';
import { type Context, ContextCollector, contextOf, inputsOf, textOf } from './context.ts';
import { attributesOf, listOf, plainStringOf } from './expect.ts';
import { type FaultDetails, type Site, asking, fault } from './fault.ts';
import { allOf, partsOf } from './fork.ts';
import { toText } from './interpolate.ts';
import { force, placeOfSlot } from './thunk.ts';
import { phraseOf } from './types.ts';
import type { Slot, Value } from './value.ts';

/** What `derivation` was called with, and where; for each part where it stands, as far as that is known. */
export interface DerivationArguments {
  readonly attributes: Attributes;
  readonly site: Site;
  readonly partSites: ReadonlyMap<string, Site>;
}

const taken = [
  'name',
  'builder',
  'arguments',
  'environment',
  'outputs',
  'requiredRealizerFeatures',
  'fix',
  'meta',
];

/** Looks at the names of the attributes alone, which can be done before anything of the derivation is needed. */
export function derivationArguments(attributes: Attributes, site: Site): DerivationArguments {
  checkNames(attributes, site);
  const partSites = new Map<string, Site>();
  for (const [name, slot] of attributes.entries()) {
    partSites.set(name, siteOfSlot(slot, siteOfAttribute(attributes, name, site)));
  }
  return { attributes, site, partSites };
}

function siteOfAttribute(attributes: Attributes, name: string, site: Site): Site {
  const place = attributes.placeOf(name);
  return place === undefined ? site : { evaluation: site.evaluation, span: place.value };
}

/** Where the slot's value is written, as far as the slot knows that: only before it is evaluated. */
function siteOfSlot(slot: Slot, site: Site): Site {
  const place = placeOfSlot(slot);
  return place === undefined ? site : { evaluation: site.evaluation, span: place.span };
}

function siteOf({ site, partSites }: DerivationArguments, part: string): Site {
  return partSites.get(part) ?? site;
}

function checkNames(attributes: Attributes, site: Site): void {
  for (const name of attributes.names()) {
    if (taken.includes(name)) continue;
    throw fault(
      attributes.placeOf(name)?.name ?? site.span,
      'CAB2007',
      `a derivation has no part '${name}'`,
      {
        ...adviceFor(name, attributes.placeOf(name)?.name !== undefined),
      },
    );
  }
  for (const name of ['name', 'builder']) {
    if (attributes.has(name)) continue;
    throw fault(site.span, 'CAB2008', `a derivation needs a ${name}, and this one does not have it`);
  }
}

/** What a part of Nix's derivations is here. */
const otherParts: Readonly<Record<string, string>> = {
  system: 'what it has to run on is a feature: requiredRealizerFeatures = [ "x86_64-linux", ]',
  args: "they are called 'arguments'",
  src: 'an island or path that the arguments or the environment mention becomes an input',
  buildInputs: 'what the arguments or the environment mention becomes an input',
  outputHash: "what it comes out as is told by 'fix'",
};

function adviceFor(name: string, isWritten: boolean): FaultDetails {
  if (Object.hasOwn(otherParts, name)) return { hint: otherParts[name] };
  const near = nearest(name, taken);
  if (near === undefined) return { hint: "variables for the builder go into 'environment'" };
  return { hint: meant(near), replacement: isWritten ? near : undefined };
}

export function nameOf(given: DerivationArguments): string {
  return plainStringOf(
    force(given.attributes.get('name') ?? null),
    siteOf(given, 'name'),
    'the name of a derivation',
  );
}

/** The outputs as the derivation will have them: a set in order, so that they are the same before it is made and after. */
export function outputsOf(given: DerivationArguments): readonly string[] {
  if (!given.attributes.has('outputs')) return ['out'];
  return plainStrings(given, 'outputs').toSorted(compareCodePoints);
}

/** Makes the derivation: every part becomes text, and what the texts mention becomes its inputs. */
export function derivationOf(given: DerivationArguments): Derivation {
  const texts = new TextCollector();
  const parts = partsOf<Omit<DerivationParts, 'inputs'>>({
    name: () => nameOf(given),
    builder: () => builderOf(given, texts),
    arguments: () => argumentsOf(given, texts),
    environment: () => environmentOf(given, texts),
    outputs: () => outputsOf(given),
    requiredRealizerFeatures: () => plainStrings(given, 'requiredRealizerFeatures'),
    fix: () => fixOf(given),
  });
  return madeFrom({ ...parts, inputs: inputsOf(texts.context) }, given.site);
}

function madeFrom(parts: DerivationParts, site: Site): Derivation {
  const named = parts.outputs.find((output) => reserved.has(output));
  const wrong =
    named === undefined
      ? faultOfDerivation(parts)
      : `the output '${named}' has the name that a part of every derivation has`;
  if (wrong === undefined) return asking(site, () => makeDerivation(parts));
  throw fault(site.span, 'CAB4007', `the derivation is not well formed: ${wrong}`);
}

const reserved: ReadonlySet<string> = new Set([...taken, 'id']);

/** Makes texts of values, and remembers what they mention. */
class TextCollector {
  readonly #contexts = new ContextCollector();

  add(value: Value, site: Site, where: string): string {
    const text = toText(value, site, where);
    this.#contexts.add(contextOf(text));
    return textOf(text);
  }

  get context(): Context {
    return this.#contexts.context;
  }
}

function builderOf(given: DerivationArguments, texts: TextCollector): string {
  const builder = force(given.attributes.get('builder') ?? null);
  return texts.add(builder, siteOf(given, 'builder'), 'the builder of a derivation');
}

function argumentsOf(given: DerivationArguments, texts: TextCollector): readonly string[] {
  const site = siteOf(given, 'arguments');
  const what = 'the arguments of a derivation';
  const list = listOf(force(given.attributes.get('arguments') ?? []), site, what);
  return allOf(list, (slot) => {
    const own = siteOfSlot(slot, site);
    return texts.add(force(slot), own, what);
  });
}

function environmentOf(given: DerivationArguments, texts: TextCollector): Record<string, string> {
  const site = siteOf(given, 'environment');
  const value = force(given.attributes.get('environment') ?? Attributes.empty);
  const variables = attributesOf(value, site, 'the environment of a derivation');
  const entries = allOf([...variables.entries()], ([name, slot]): [string, string] | undefined => {
    const own = siteOfSlot(slot, siteOfAttribute(variables, name, site));
    const variable = force(slot);
    if (variable === null) return undefined;
    return [name, texts.add(variable, own, `the variable '${name}' of a derivation's environment`)];
  });
  return Object.fromEntries(entries.filter((entry) => entry !== undefined));
}

function plainStrings(given: DerivationArguments, part: string): readonly string[] {
  const site = siteOf(given, part);
  const what = `'${part}' of a derivation`;
  const list = listOf(force(given.attributes.get(part) ?? []), site, what);
  return allOf(list, (item) => {
    const own = siteOfSlot(item, site);
    return plainStringOf(force(item), own, `each of ${what}`);
  });
}

function fixOf(given: DerivationArguments): Fix {
  const site = siteOf(given, 'fix');
  const value = force(given.attributes.get('fix') ?? null);
  if (value === null) return { kind: 'none' };
  if (value === 'self') return { kind: 'self' };
  if (value instanceof Attributes && value.size > 0) {
    const what = "the value in a derivation's fix";
    const pins = value.names().map((format) => {
      return [format, plainStringOf(force(value.get(format) as Slot), site, what)] as const;
    });
    return { kind: 'fixed', pins: Object.fromEntries(pins) };
  }
  throw fault(
    site.span,
    'CAB2004',
    `the fix of a derivation cannot be ${typeof value === 'string' ? `"${value}"` : phraseOf(value)}`,
    {
      hint: 'it is null, "self", or formats with their values, such as { cab = "…" }',
    },
  );
}
