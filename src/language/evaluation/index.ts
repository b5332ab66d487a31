export { Attributes } from './attributes.ts';
export {
  type BuiltinDefinition,
  BuiltinFunction,
  type BuiltinGroup,
  type Example,
  builtinNamed,
} from './builtin.ts';
export { builtinDefinitions, globalNames } from './builtins/index.ts';
export { checkNames } from './check-names.ts';
export type { Context, ContextElement } from './context.ts';
export { DerivationValue, derivationAttributeNames } from './derivation-value.ts';
export { folderFile } from './evaluation.ts';
export { Evaluator } from './evaluator.ts';
export { allOf } from './fork.ts';
export { Lambda } from './lambda.ts';
export { type ShowOptions, showName } from './show.ts';
export { type TypeName, typeNameOf } from './types.ts';
export {
  ContextString,
  Float,
  IslandReference,
  type List,
  PathValue,
  type Slot,
  type Value,
  isList,
} from './value.ts';
export * from './world.ts';
