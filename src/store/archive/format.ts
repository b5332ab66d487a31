import {
  type Digest,
  type StorePath,
  canonicalJson,
  parseDigest,
  parseStorePath,
} from '../../foundation/index.ts';

/*
 * The form of an archive, as docs/reference/store-archive.md describes it: a line that names it, and records. Lengths and counts
 * are 64 bits, least significant byte first; digests are 32 bytes.
 */
const beginning = 'cab store archive ';
export const formatVersion = 1;

/** The first line of every archive of this version. */
export const header = Buffer.from(`${beginning}${formatVersion}\n`);

/** The byte that each record begins with. */
export const recordTypes = {
  output: 'O'.charCodeAt(0),
  directory: 'D'.charCodeAt(0),
  blob: 'B'.charCodeAt(0),
  end: 'E'.charCodeAt(0),
} as const;

export const digestBytes = 32;
export const numberBytes = 8;
export const countNames = ['outputs', 'directories', 'blobs', 'bytes'] as const;

/** How many records of each kind there are, and how many bytes all blobs have together. */
export type Counts = Record<(typeof countNames)[number], number>;

export const noCounts: Readonly<Counts> = { outputs: 0, directories: 0, blobs: 0, bytes: 0 };

/**
 * The most that an archive may hold of what a reader has to keep in mind. Contents of files are not among it: they have no limit.
 * The depth and the lengths of names and targets are what a file system could hold.
 */
export const limits = {
  outputs: 1 << 18,
  outputBytes: 4 << 20,
  allOutputBytes: 64 << 20,
  directoryBytes: 64 << 20,
  entries: 1 << 22,
  depth: 1000,
  nameBytes: 255,
  targetBytes: 4095,
} as const;

/** An output as its record tells of it. */
export interface ArchivedOutput {
  readonly path: StorePath;
  readonly tree: Digest;
  readonly size: number;
  /** Sorted; all of them are in the archive. */
  readonly references: readonly StorePath[];
  /** Whether it was asked for, or came along because another one refers to it. */
  readonly asked: boolean;
}

export function encodeOutput({ path, tree, size, references, asked }: ArchivedOutput): Uint8Array {
  return Buffer.from(canonicalJson({ asked, path, references, size, tree }));
}

/** The output that the bytes tell of, or undefined where they are not exactly what `encodeOutput` gives. */
export function decodeOutput(bytes: Uint8Array): ArchivedOutput | undefined {
  const output = readOutput(Buffer.from(bytes).toString('utf8'));
  return output !== undefined && Buffer.from(encodeOutput(output)).equals(bytes) ? output : undefined;
}

function readOutput(text: string): ArchivedOutput | undefined {
  const value = parseJson(text);
  if (typeof value !== 'object' || value === null) return undefined;
  const { path, tree, size, references, asked } = value as Readonly<Record<string, unknown>>;
  const storePath = storePathOf(path);
  const digest = typeof tree === 'string' ? parseDigest(tree) : undefined;
  if (storePath === undefined || digest === undefined || typeof asked !== 'boolean') return undefined;
  if (typeof size !== 'number' || !Number.isSafeInteger(size) || size < 0) return undefined;
  if (!Array.isArray(references)) return undefined;
  const paths = references.map(storePathOf);
  if (!paths.every((each, index) => each !== undefined && isAfter(each, paths[index - 1]))) return undefined;
  return { path: storePath, tree: digest, size, references: paths as StorePath[], asked };
}

function storePathOf(value: unknown): StorePath | undefined {
  return typeof value === 'string' ? parseStorePath(value) : undefined;
}

/** Whether a path comes behind another in the one order that paths have in an archive; they are ASCII. */
export function isAfter(path: StorePath, before: StorePath | undefined): boolean {
  return before === undefined || path > before;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** What version of an archive the first line names, or undefined where it is none. */
export function versionOf(line: string): string | undefined {
  return line.startsWith(beginning) ? line.slice(beginning.length).trimEnd() : undefined;
}

/** The length of the longest first line that is looked at. */
export const headerLimit = 64;
