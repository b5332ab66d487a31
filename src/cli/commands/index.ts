import type { Command } from '../command.ts';
import { build } from './build.ts';
import { evaluate } from './eval.ts';
import { log } from './log.ts';
import { showDerivation } from './show-derivation.ts';
import { storePathInfo } from './store-path-info.ts';
import { storeVerify } from './store-verify.ts';
import { update } from './update.ts';

/** Every command, in the order in which the help lists them. */
export const commands: readonly Command[] = [
  build,
  update,
  evaluate,
  showDerivation,
  log,
  storePathInfo,
  storeVerify,
];
