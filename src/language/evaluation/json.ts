import { placeholderOf } from '../../derivations/index.ts';
import { type Json, unreachable } from '../../foundation/index.ts';
import { Attributes } from './attributes.ts';
import { BuiltinFunction } from './builtin.ts';
import { DerivationValue } from './derivation-value.ts';
import { type Site, fault } from './fault.ts';
import { allOf } from './fork.ts';
import { Lambda } from './lambda.ts';
import { displayPath } from './paths.ts';
import { force } from './thunk.ts';
import { ContextString, Float, IslandReference, PathValue, type Value, isList } from './value.ts';

/** The value as JSON for a reader outside: derivations are described, paths and islands named, nothing is put into the store. */
export function jsonOf(value: Value, site: Site): Json {
  if (value === null || typeof value === 'boolean' || typeof value === 'number') return value;
  if (typeof value === 'string') return value;
  if (typeof value === 'bigint') return rawJson(value);
  if (value instanceof Float) return value.value;
  if (value instanceof ContextString) return value.text;
  if (value instanceof PathValue) return displayPath(value);
  if (value instanceof IslandReference) return value.island.root.display;
  if (isList(value)) return allOf(value, (slot) => jsonOf(force(slot), site));
  if (value instanceof Attributes) {
    const names = value.names();
    const members = allOf(value.values(), (slot) => jsonOf(force(slot), site));
    return Object.fromEntries(members.map((member, index) => [names[index] as string, member]));
  }
  if (value instanceof DerivationValue) return describe(value);
  if (value instanceof Lambda || value instanceof BuiltinFunction) throw noJson(site);
  return unreachable(value);
}

function describe({ derivation }: DerivationValue): Json {
  const outputs = derivation.outputs.map((output) => [output, placeholderOf(derivation, output)] as const);
  return { derivation: derivation.id, name: derivation.name, outputs: Object.fromEntries(outputs) };
}

export function noJson(site: Site): Error {
  return fault(site.span, 'CAB2019', 'a function cannot be written as JSON', {
    hint: 'call it, or leave its attribute out with removeAttributes',
  });
}

/** A number of which `JSON.stringify` writes every digit. */
function rawJson(value: bigint): Json {
  return (JSON as unknown as { rawJSON(text: string): Json }).rawJSON(String(value));
}
