import type { HostFunctions } from '../host-functions.ts';
import type { ProgramContext } from '../program-context.ts';
import { descriptorStatusFunctions } from './descriptor-status.ts';
import { fileDescriptorFunctions } from './file-descriptors.ts';
import { fileTimeFunctions } from './file-times.ts';
import { pathFunctions } from './paths.ts';
import { processFunctions } from './process.ts';
import { socketFunctions } from './sockets.ts';
import { clockFunctions } from './time.ts';

export * from './clock.ts';
export * from './descriptors.ts';
export { ProgramExit } from './process.ts';
export * from './random.ts';
export { buffersOf } from './records.ts';
export { pollOneoff } from './time.ts';

/** The module `wasi_snapshot_preview1` but for `poll_oneoff`, which may wait. */
export function systemFunctions(context: ProgramContext): HostFunctions {
  return {
    ...processFunctions(context),
    ...clockFunctions(context),
    ...fileDescriptorFunctions(context),
    ...descriptorStatusFunctions(context),
    ...pathFunctions(context),
    ...fileTimeFunctions(context),
    ...socketFunctions(context),
  };
}
