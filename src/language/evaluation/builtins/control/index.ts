import type { BuiltinDefinition } from '../../builtin.ts';
import { closureBuiltins } from './closure.ts';
import { failingBuiltins } from './failing.ts';
import { forcingBuiltins } from './forcing.ts';
import { reflectionBuiltins } from './reflection.ts';
import { tellingBuiltins } from './telling.ts';

export const controlBuiltins: readonly BuiltinDefinition[] = [
  ...failingBuiltins,
  ...tellingBuiltins,
  ...forcingBuiltins,
  ...reflectionBuiltins,
  ...closureBuiltins,
];
