import { Attributes } from '../attributes.ts';
import { type BuiltinDefinition, BuiltinFunction } from '../builtin.ts';
import type { GlobalNames } from '../scope.ts';
import type { Slot } from '../value.ts';
import { attributeBuiltins } from './attributes/index.ts';
import { contextBuiltins } from './context.ts';
import { controlBuiltins } from './control/index.ts';
import { conversionBuiltins } from './conversion.ts';
import { formatBuiltins } from './conversion/formats.ts';
import { derivationBuiltins } from './derivations.ts';
import { functionBuiltins } from './functions.ts';
import { hashingBuiltins } from './hashing.ts';
import { hashConversionBuiltins } from './hashing/convert.ts';
import { listBuiltins } from './lists/index.ts';
import { numberBuiltins } from './numbers.ts';
import { bitBuiltins } from './numbers/bits.ts';
import { powerBuiltins } from './numbers/power.ts';
import { pathBuiltins } from './paths.ts';
import { pathNameBuiltins } from './paths/names.ts';
import { stringBuiltins } from './strings.ts';
import { stringEdgeBuiltins } from './strings/edges.ts';
import { encodingBuiltins } from './strings/encoding.ts';
import { matchingBuiltins } from './strings/matching.ts';
import { stringPartBuiltins } from './strings/parts.ts';
import { replacingBuiltins } from './strings/replacing.ts';
import { typeBuiltins } from './types.ts';
import { versionBuiltins } from './versions.ts';

/** Every builtin function, group by group. */
export const builtinDefinitions: readonly BuiltinDefinition[] = [
  ...pathBuiltins,
  ...pathNameBuiltins,
  ...derivationBuiltins,
  ...listBuiltins,
  ...attributeBuiltins,
  ...stringBuiltins,
  ...stringPartBuiltins,
  ...replacingBuiltins,
  ...stringEdgeBuiltins,
  ...matchingBuiltins,
  ...encodingBuiltins,
  ...conversionBuiltins,
  ...formatBuiltins,
  ...hashingBuiltins,
  ...hashConversionBuiltins,
  ...versionBuiltins,
  ...typeBuiltins,
  ...functionBuiltins,
  ...controlBuiltins,
  ...contextBuiltins,
  ...numberBuiltins,
  ...powerBuiltins,
  ...bitBuiltins,
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
