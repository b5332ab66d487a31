import type { Command } from '../command.ts';
import { build } from './build.ts';
import { cat } from './cat.ts';
import { diff } from './diff.ts';
import { evaluate } from './eval.ts';
import { explain } from './explain.ts';
import { fmt } from './fmt.ts';
import { island } from './island.ts';
import { log } from './log.ts';
import { ls } from './ls.ts';
import { lsp } from './lsp.ts';
import { realizerServe } from './realizer-serve.ts';
import { realizerToken } from './realizer-token.ts';
import { realizerList } from './realizer-list.ts';
import { realizerStatus } from './realizer-status.ts';
import { repl } from './repl.ts';
import { showDerivation } from './show-derivation.ts';
import { storeAdd } from './store-add.ts';
import { storeCat } from './store-cat.ts';
import { storeLs } from './store-ls.ts';
import { storeDiff } from './store-diff.ts';
import { storeExport } from './store-export.ts';
import { storeImport } from './store-import.ts';
import { storeGc } from './store-gc.ts';
import { storePathInfo } from './store-path-info.ts';
import { storeRoots } from './store-roots.ts';
import { storeVerify } from './store-verify.ts';
import { storeWhy } from './store-why.ts';
import { update } from './update.ts';

/** Every command, in the order in which the help lists them. */
export const commands: readonly Command[] = [
  build,
  update,
  evaluate,
  repl,
  fmt,
  island,
  ls,
  cat,
  diff,
  showDerivation,
  log,
  explain,
  lsp,
  storeAdd,
  storePathInfo,
  storeLs,
  storeCat,
  storeWhy,
  storeDiff,
  storeVerify,
  storeExport,
  storeImport,
  storeGc,
  storeRoots,
  realizerServe,
  realizerToken,
  realizerList,
  realizerStatus,
];
