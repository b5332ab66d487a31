const kibibyte = 1024;
const mebibyte = 1024 * kibibyte;

/** What one program may use at most, besides what the operator decides. Bytes, unless another unit is named. */
export const programLimits = {
  /** Open descriptors, as a number. */
  descriptors: 4096,
  name: 255,
  path: 4096,
  /** Symbolic links followed on one path, as a number. */
  symlinks: 40,
  /** Directories in one another below an output, as a number. */
  depth: 1024,
  /** Buffers of one scattered read or gathered write, as a number. */
  buffers: 1024,
  requestHead: 64 * kibibyte,
  requestBody: 64 * mebibyte,
  /** Responses open at one time, as a number. */
  responses: 16,
  /** Filters open at one time, as a number, and for each its module and its linear memory. */
  filters: 4,
  filterModule: 16 * mebibyte,
  filterMemory: 256 * mebibyte,
  /** Tables of a module, as a number. */
  tables: 100,
  /** Different claims that are passed on, as a number: whoever hears them ends a program that makes more. */
  claims: 1001,
  /** Parts of the output that a program can name, as a number. */
  namedParts: 4_000_000,
} as const;

/** What the host itself keeps at most. */
export const hostLimits = {
  /** Compiled modules in one worker, as a number. */
  modules: 16,
  /** The part of an open file that stays in memory; beyond it, it is streamed into the store or to a temporary file. */
  fileInMemory: 256 * kibibyte,
  /** What a program writes into the store by itself before another thread does it; a file counts 4 KiB besides its bytes. */
  writtenAtOnce: 4 * mebibyte,
  /** Directories that are put into the store before others have their turn, as a number. */
  treesAtOnce: 64,
  /** Batches of contents, of 1 MiB each, that one worker has on their way into the store, as a number. */
  batches: 32,
  /** What is taken from the network ahead of the program's reads, for one response. */
  responseAhead: 256 * kibibyte,
  /** What waits for a filter, or for its reader. */
  filterPipe: 256 * kibibyte,
  /** Programs that share one worker, as a number, where they mostly wait for the network. */
  programsInSharedWorker: 64,
  /** Connections of one worker to one server, and kept open while idle, as numbers. */
  connectionsToServer: 64,
  idleConnections: 16,
  redirects: 10,
  /** Times that a request is sent again, and that a transfer is continued without anything new coming. */
  retries: 3,
  /** Times that one transfer is continued, whatever comes. */
  continuations: 100,
  /** The longest wait that a server may ask for before the next try, in milliseconds. */
  retryAfterMs: 120_000,
  /** The wait before the first retry, in milliseconds, in the middle; each further one is four times as long. */
  retryFirstMs: 100,
  /** Waits that servers ask for are told from this length on, in milliseconds. */
  toldWaitMs: 1000,
  /** How often a program begins anew for others' sake before it gets a thread of its own, as a number. */
  sharedRuns: 3,
  /** How long a program that is to end may go on before its worker is ended with it, in milliseconds. */
  abandonMs: 1000,
} as const;
