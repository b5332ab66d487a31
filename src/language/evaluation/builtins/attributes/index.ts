import type { BuiltinDefinition } from '../../builtin.ts';
import { attributeChangingBuiltins } from './changing.ts';
import { attributeJoiningBuiltins } from './joining.ts';
import { attributeListBuiltins } from './lists.ts';
import { attributePairBuiltins } from './pairs.ts';
import { attributePathBuiltins } from './paths.ts';
import { attributeReadingBuiltins } from './reading.ts';
import { attributeTreeBuiltins } from './trees.ts';

export const attributeBuiltins: readonly BuiltinDefinition[] = [
  ...attributeReadingBuiltins,
  ...attributeChangingBuiltins,
  ...attributePairBuiltins,
  ...attributeJoiningBuiltins,
  ...attributeListBuiltins,
  ...attributePathBuiltins,
  ...attributeTreeBuiltins,
];
