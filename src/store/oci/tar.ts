/*
 * Tar in the form of POSIX.1-2001: a block of `ustar` before each entry, and before that a pax header where a name, a target or a size does
 * not fit it. https://pubs.opengroup.org/onlinepubs/9699919799/utilities/pax.html
 *
 * A writer of our own, since the bytes are a promise: what an image's digest is must not change with a library's version.
 */

/** An entry; all belong to root, and have the same time. Paths are relative, those of directories end with `/`. */
export interface TarEntry {
  readonly path: string;
  readonly type: 'file' | 'directory' | 'symlink' | 'link';
  readonly mode: number;
  /** Of a file's content, in bytes; it follows the header. */
  readonly size?: number;
  /** Of a symbolic link as it is written, of a link the path of the entry that it is one with. */
  readonly target?: string;
}

const blockSize = 512;
/** What every entry has as its time, in seconds since 1970: that of the store's files. */
const time = 1;

const typeFlags = { file: '0', link: '1', symlink: '2', directory: '5', pax: 'x' } as const;

/** Where the fields of a block are, and how long each is, in bytes. */
const fields = {
  name: [0, 100],
  mode: [100, 8],
  user: [108, 8],
  group: [116, 8],
  size: [124, 12],
  time: [136, 12],
  checksum: [148, 8],
  type: [156, 1],
  target: [157, 100],
  magic: [257, 8],
  deviceMajor: [329, 8],
  deviceMinor: [337, 8],
  prefix: [345, 155],
} as const;

type FieldName = keyof typeof fields;

/** What stands before an entry's content. */
export function tarHeader(entry: TarEntry): Uint8Array {
  const { path, type, mode, size = 0, target = '' } = entry;
  const split = splitPath(path);
  const records = [
    ...(fitsText(target, 'target') ? [] : [paxRecord('linkpath', target)]),
    ...(split === undefined ? [paxRecord('path', path)] : []),
    ...(size < 8 ** 11 ? [] : [paxRecord('size', String(size))]),
  ];
  const plain = block({ ...(split ?? { name: path }), type: typeFlags[type], mode, size, target });
  return records.length === 0 ? plain : Buffer.concat([paxHeader(Buffer.concat(records)), plain]);
}

/** What fills a content up to a whole number of blocks. */
export function tarPadding(size: number): Uint8Array {
  return new Uint8Array((blockSize - (size % blockSize)) % blockSize);
}

/** What ends an archive. */
export const tarEnd: Uint8Array = new Uint8Array(2 * blockSize);

function paxHeader(records: Uint8Array): Uint8Array {
  const head = block({
    name: 'PaxHeader',
    type: typeFlags.pax,
    mode: 0o644,
    size: records.length,
    target: '',
  });
  return Buffer.concat([head, records, tarPadding(records.length)]);
}

/** `<length> <key>=<value>\n`, where the length counts itself. */
function paxRecord(key: string, value: string): Uint8Array {
  const rest = Buffer.byteLength(` ${key}=${value}\n`);
  let length = rest;
  while (length !== rest + String(length).length) length = rest + String(length).length;
  return Buffer.from(`${length} ${key}=${value}\n`);
}

interface Block {
  readonly name: string;
  readonly prefix?: string;
  readonly type: string;
  readonly mode: number;
  readonly size: number;
  readonly target: string;
}

function block({ name, prefix = '', type, mode, size, target }: Block): Uint8Array {
  const bytes = Buffer.alloc(blockSize);
  const text = (field: FieldName, value: string): unknown =>
    bytes.write(value, fields[field][0], fields[field][1], 'utf8');
  const number = (field: FieldName, value: number): unknown =>
    text(field, value.toString(8).padStart(fields[field][1] - 1, '0'));
  text('name', name);
  text('prefix', prefix);
  text('type', type);
  text('target', target);
  text('magic', 'ustar\u000000');
  number('mode', mode);
  // What does not fit is in the pax header.
  number('size', size < 8 ** 11 ? size : 0);
  number('time', time);
  for (const field of ['user', 'group', 'deviceMajor', 'deviceMinor'] as const) number(field, 0);
  // The checksum is taken with blanks in its own place.
  text('checksum', ' '.repeat(8));
  const sum = bytes.reduce((total, byte) => total + byte, 0);
  text('checksum', `${sum.toString(8).padStart(6, '0')}\0 `);
  return bytes;
}

/** A path in the two fields that a block has for it, or undefined where it does not fit them. */
function splitPath(path: string): { readonly name: string; readonly prefix?: string } | undefined {
  if (fitsText(path, 'name')) return { name: path };
  for (let slash = path.indexOf('/'); slash !== -1; slash = path.indexOf('/', slash + 1)) {
    const [prefix, name] = [path.slice(0, slash), path.slice(slash + 1)];
    if (name !== '' && fitsText(prefix, 'prefix') && fitsText(name, 'name')) return { name, prefix };
  }
  return undefined;
}

/** Whether a field holds the text. Beyond ASCII readers do not agree on what the fields hold. */
function fitsText(text: string, field: FieldName): boolean {
  // oxlint-disable-next-line no-control-regex -- all of ASCII
  return text.length <= fields[field][1] && /^[\x00-\x7f]*$/.test(text);
}
