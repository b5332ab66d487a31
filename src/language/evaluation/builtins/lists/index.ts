import type { BuiltinDefinition } from '../../builtin.ts';
import { comparingBuiltins } from './comparing.ts';
import { findingBuiltins } from './finding.ts';
import { foldingBuiltins } from './folding.ts';
import { generatingBuiltins } from './generating.ts';
import { makingBuiltins } from './making.ts';
import { mappingBuiltins } from './mapping.ts';
import { listPartBuiltins } from './parts.ts';

export const listBuiltins: readonly BuiltinDefinition[] = [
  ...mappingBuiltins,
  ...foldingBuiltins,
  ...listPartBuiltins,
  ...findingBuiltins,
  ...generatingBuiltins,
  ...makingBuiltins,
  ...comparingBuiltins,
];
