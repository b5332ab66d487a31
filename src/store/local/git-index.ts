import { readFileSync } from 'node:fs';

/**
 * The paths that git tracks, each with every folder above it, by what the index at `file` lists. An index that is not there, or in a
 * form that is not known, tracks nothing. https://git-scm.com/docs/index-format, versions 2 to 4.
 */
export function readTrackedPaths(file: string, objectIdLength: number): ReadonlySet<string> {
  const tracked = new Set<string>();
  for (const path of indexedPaths(file, objectIdLength)) {
    tracked.add(path);
    for (let end = path.lastIndexOf('/'); end > 0; end = path.lastIndexOf('/', end - 1)) {
      const folder = path.slice(0, end);
      if (tracked.has(folder)) break;
      tracked.add(folder);
    }
  }
  return tracked;
}

const headerLength = 12;
/** Two times, device, inode, mode, owner, group and size, before the object id. */
const statusLength = 40;
const extendedFlag = 0x4000;

function* indexedPaths(file: string, objectIdLength: number): Generator<string> {
  const index = readIndex(file);
  if (index === undefined) return;
  const version = index.readUInt32BE(4);
  const count = index.readUInt32BE(8);
  let position = headerLength;
  let previous = Buffer.alloc(0);
  for (let entry = 0; entry < count; entry++) {
    const start = position;
    position += statusLength + objectIdLength;
    if (position + 2 > index.length) return;
    position += index.readUInt16BE(position) & extendedFlag ? 4 : 2;
    let kept = 0;
    if (version === 4) {
      const removed = readOffset(index, position);
      kept = Math.max(0, previous.length - removed.value);
      position = removed.end;
    }
    const end = index.indexOf(0, position);
    if (end === -1) return;
    previous = Buffer.concat([previous.subarray(0, kept), index.subarray(position, end)]);
    yield previous.toString('utf8');
    // Before version 4 each entry is filled up with 1 to 8 zero bytes to a multiple of 8.
    position = version === 4 ? end + 1 : start + Math.ceil((end + 1 - start) / 8) * 8;
  }
}

function readIndex(file: string): Buffer | undefined {
  let index: Buffer;
  try {
    index = readFileSync(file);
  } catch {
    return undefined;
  }
  if (index.length < headerLength || index.toString('latin1', 0, 4) !== 'DIRC') return undefined;
  const version = index.readUInt32BE(4);
  return version >= 2 && version <= 4 ? index : undefined;
}

/** The variable-length number of version 4, as packs write the offsets of deltas. */
function readOffset(index: Buffer, start: number): { readonly value: number; readonly end: number } {
  let position = start;
  let byte = index[position++] ?? 0;
  let value = byte & 127;
  while (byte & 128 && position < index.length) {
    byte = index[position++] ?? 0;
    value = (value + 1) * 128 + (byte & 127);
  }
  return { value, end: position };
}
