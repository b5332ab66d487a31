const mebibyte = 2 ** 20;
const gibibyte = 1024 * mebibyte;

/** What one program may use at most. Bytes, unless another unit is named; `Infinity` where only the machine bounds it. */
export interface ProgramLimits {
  /** A WebAssembly module. */
  readonly module: number;
  /** Its linear memory. */
  readonly memory: number;
  /**
   * What its module may have in tables, as a number of entries, and whether it may use memory that the engine collects, which nothing
   * bounds but the thread.
   */
  readonly tableEntries: number;
  readonly collectedMemory: boolean;
  /** What a thread keeps of its programs besides their memories, such as their trees of files. */
  readonly threadHeap: number;
  /** All its files that exist at one time, scratch files included. */
  readonly files: number;
  /** All that it ever writes, whatever has become of it: content that was given up stays in the store until that is collected. */
  readonly written: number;
  /** Files, directories and symbolic links that exist at one time, as a number. */
  readonly nodes: number;
  /** Of those, the ones that lie in one directory: its encoding is made, and taken, at one go. */
  readonly directoryEntries: number;
  /** The bodies of all answers that it gets from servers. */
  readonly received: number;
  readonly log: number;
  /** Lines of the log, as a number: each is an event. */
  readonly logLines: number;
  /** How long one of several programs in a thread may keep it from the others, in milliseconds. */
  readonly heldUpMs: number;
  /** From its start to its end, waiting included, in milliseconds. */
  readonly durationMs: number;
  readonly native: NativeLimits;
}

/** What one program of the machine's own kind may use at most, with all that it starts. Bytes, unless another unit is named. */
export interface NativeLimits {
  /** The memory of its processes, what they share counted once. */
  readonly memory: number;
  /** Processes and threads that exist at one time, as a number. */
  readonly processes: number;
  /** Its working folder with all in it, and each single file. */
  readonly disk: number;
  /** Each of the folders that lie in memory, `/tmp` and `/dev/shm`. */
  readonly temporary: number;
}

/** For a realizer that works for who started it: he can end what goes on for too long. */
export const personalLimits: ProgramLimits = {
  module: gibibyte,
  memory: gibibyte,
  tableEntries: 10_000_000,
  collectedMemory: true,
  threadHeap: Infinity,
  files: 64 * gibibyte,
  written: Infinity,
  nodes: 4_000_000,
  directoryEntries: Infinity,
  received: Infinity,
  log: 16 * mebibyte,
  logLines: 1_000_000,
  heldUpMs: 10_000,
  durationMs: Infinity,
  native: { memory: Infinity, processes: Infinity, disk: Infinity, temporary: Infinity },
};

/** For one that works for others, whose programs it does not know: enough for any source, and not for ever. */
export const serverLimits: ProgramLimits = {
  module: 64 * mebibyte,
  memory: gibibyte,
  tableEntries: 2_000_000,
  collectedMemory: false,
  threadHeap: 2 * gibibyte,
  files: 16 * gibibyte,
  written: 32 * gibibyte,
  nodes: 2_000_000,
  directoryEntries: 200_000,
  received: 16 * gibibyte,
  log: 16 * mebibyte,
  logLines: 250_000,
  heldUpMs: 4000,
  durationMs: 2 * 3_600_000,
  native: { memory: Infinity, processes: 10_000, disk: 100 * gibibyte, temporary: 8 * gibibyte },
};
