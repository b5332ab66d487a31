import type { Settings } from '../../../configuration/index.ts';
import { type ProgramLimits, serverLimits } from '../../index.ts';

export const programSettings = [
  'memory',
  'files',
  'written',
  'entries',
  'received',
  'log',
  'seconds',
  'native-memory',
  'native-processes',
  'native-disk',
  'native-temporary',
];

const entriesLimit = 1_000_000_000;
/** What Linux can number. */
const processesLimit = 2 ** 22;
const secondsLimit = 14 * 86_400;
/** What a memory of 32-bit addresses can have. */
const memoryLimit = 2 ** 32;

/** What one program may use at most. */
export function readProgramLimits(settings: Settings): ProgramLimits {
  const usual = serverLimits;
  const memory = settings.size('memory') ?? usual.memory;
  if (memory > memoryLimit) throw settings.refuse('memory', 'is more than the 4 GB that a program can have');
  return {
    ...usual,
    memory,
    files: settings.size('files') ?? usual.files,
    written: settings.size('written') ?? usual.written,
    nodes: settings.count('entries', { fallback: usual.nodes, limit: entriesLimit }),
    received: settings.size('received') ?? usual.received,
    log: settings.size('log') ?? usual.log,
    durationMs:
      settings.positive('seconds', { fallback: usual.durationMs / 1000, limit: secondsLimit }) * 1000,
    native: {
      memory: settings.size('native-memory') ?? usual.native.memory,
      processes: settings.count('native-processes', {
        fallback: usual.native.processes,
        limit: processesLimit,
      }),
      disk: settings.size('native-disk') ?? usual.native.disk,
      temporary: settings.size('native-temporary') ?? usual.native.temporary,
    },
  };
}
