import { Attributes } from '../attributes.ts';
import { type BuiltinDefinition, BuiltinFunction } from '../builtin.ts';
import type { GlobalNames } from '../scope.ts';
import type { Slot } from '../value.ts';
import { attributeBuiltins } from './attributes.ts';
import { contextBuiltins } from './context.ts';
import { controlBuiltins } from './control.ts';
import { conversionBuiltins } from './conversion.ts';
import { derivationBuiltins } from './derivations.ts';
import { hashingBuiltins } from './hashing.ts';
import { listBuiltins } from './lists.ts';
import { numberBuiltins } from './numbers.ts';
import { pathBuiltins } from './paths.ts';
import { stringBuiltins } from './strings.ts';
import { typeBuiltins } from './types.ts';
import { versionBuiltins } from './versions.ts';

/** Every builtin function, group by group. */
export const builtinDefinitions: readonly BuiltinDefinition[] = [
  ...pathBuiltins,
  ...derivationBuiltins,
  ...listBuiltins,
  ...attributeBuiltins,
  ...stringBuiltins,
  ...conversionBuiltins,
  ...hashingBuiltins,
  ...versionBuiltins,
  ...typeBuiltins,
  ...controlBuiltins,
  ...contextBuiltins,
  ...numberBuiltins,
];

/** The names that every text sees: the builtins, `builtins` with all of them, and the constants. */
export const globalNames: GlobalNames = makeGlobalNames();

function makeGlobalNames(): GlobalNames {
  const names = new Map<string, Slot>([
    ['true', true],
    ['false', false],
    ['null', null],
  ]);
  for (const definition of builtinDefinitions) names.set(definition.name, new BuiltinFunction(definition));
  return new Map([...names, ['builtins', Attributes.fromMap(names)]]);
}
