/** Makes a module smaller than its compiler leaves it. */
import binaryen from 'assemblyscript/binaryen';
import { shrinkCalls } from './shrink-calls.ts';

const { Features } = binaryen;
const features =
  Features.SIMD128 |
  Features.BulkMemory |
  Features.BulkMemoryOpt |
  Features.SignExt |
  Features.MutableGlobals |
  Features.NontrappingFPToInt;

/** What the compiler sets for its own passes holds for these too, so all that matters is set. */
function setOptions(): void {
  binaryen.setOptimizeLevel(3);
  binaryen.setShrinkLevel(2);
  binaryen.setDebugInfo(false);
  binaryen.setAlwaysInlineMaxSize(2);
  binaryen.setFlexibleInlineMaxSize(0);
  // Not the loops where the time goes: engines optimise what is called often, and not what is entered once.
  binaryen.setOneCallerInlineMaxSize(250);
  binaryen.setAllowInliningFunctionsWithLoops(false);
}

export function shrink(binary: Uint8Array): Uint8Array {
  setOptions();
  const optimized = binaryen.readBinary(binary);
  optimized.setFeatures(features);
  optimized.optimize();
  const shrunk = binaryen.parseText(shrinkCalls(optimized.emitText()));
  shrunk.setFeatures(features);
  // Constants that one function has often, and the functions that are called most, get the shortest names.
  shrunk.runPasses(['const-hoisting', 'reorder-locals', 'reorder-functions']);
  if (shrunk.validate() === 0) throw new Error('the module is not valid once it is shrunk');
  const result = shrunk.emitBinary();
  optimized.dispose();
  shrunk.dispose();
  return result;
}
