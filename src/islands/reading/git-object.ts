/** The id of a git object: 40 hexadecimal digits where a repository names by SHA-1, 64 where it does by SHA-256. */
export type GitId = string;

/** One entry of a tree object. */
export interface GitTreeEntry {
  readonly name: string;
  readonly kind: 'directory' | 'file' | 'symlink' | 'submodule';
  readonly executable: boolean;
  readonly id: GitId;
}

const space = 0x20;
const typeMask = 0o170000;
const executableMask = 0o111;

const kinds: ReadonlyMap<number, GitTreeEntry['kind']> = new Map([
  [0o040000, 'directory'],
  [0o100000, 'file'],
  [0o120000, 'symlink'],
  [0o160000, 'submodule'],
]);

export function isGitId(text: string): boolean {
  return /^([0-9a-f]{40}|[0-9a-f]{64})$/.test(text);
}

/** The tree that a commit names, from the commit's raw content; undefined where that is none. */
export function treeOfCommit(content: Uint8Array): GitId | undefined {
  const [line = ''] = Buffer.from(content.subarray(0, 72)).toString('latin1').split('\n', 1);
  const id = line.slice('tree '.length);
  return line.startsWith('tree ') && isGitId(id) ? id : undefined;
}

/**
 * The entries of a tree object, from its raw content: mode, space, name, a zero byte, the id in as many bytes as the ids of its
 * repository have (gitformat-pack and gitformat-index say the rest). Undefined where the content is no such thing.
 */
export function parseGitTree(
  content: Uint8Array,
  idBytes: number,
): ReadonlyMap<string, GitTreeEntry> | undefined {
  const bytes = Buffer.from(content.buffer, content.byteOffset, content.byteLength);
  const entries = new Map<string, GitTreeEntry>();
  for (let at = 0; at < bytes.length;) {
    const nameStart = bytes.indexOf(space, at) + 1;
    const nameEnd = bytes.indexOf(0, nameStart);
    const end = nameEnd + 1 + idBytes;
    if (nameStart === 0 || nameEnd === -1 || end > bytes.length) return undefined;
    const entry = entryOf(bytes.subarray(at, nameStart - 1), bytes.subarray(nameStart, nameEnd));
    if (entry === undefined || entries.has(entry.name)) return undefined;
    entries.set(entry.name, { ...entry, id: bytes.toString('hex', nameEnd + 1, end) });
    at = end;
  }
  return entries;
}

function entryOf(mode: Buffer, name: Buffer): Omit<GitTreeEntry, 'id'> | undefined {
  const digits = mode.toString('latin1');
  const text = name.toString('utf8');
  if (!/^[0-7]{5,6}$/.test(digits) || !isName(text) || !Buffer.from(text).equals(name)) return undefined;
  const bits = Number.parseInt(digits, 8);
  const kind = kinds.get(bits & typeMask);
  if (kind === undefined) return undefined;
  return { name: text, kind, executable: kind === 'file' && (bits & executableMask) !== 0 };
}

function isName(name: string): boolean {
  return name !== '' && name !== '.' && name !== '..' && !name.includes('/');
}
