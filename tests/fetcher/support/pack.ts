import { createHash } from 'node:crypto';
import { deflateSync } from 'node:zlib';

/** Git objects, packs and answers made by hand, good and bad ones (gitformat-pack, gitprotocol-v2). */
const kindNumbers = { commit: 1, tree: 2, blob: 3 } as const;
const idDelta = 7;

type Kind = keyof typeof kindNumbers;

export interface GitObject {
  readonly kind: Kind;
  readonly content: Buffer;
  readonly id: Buffer;
}

function sha1(content: Uint8Array): Buffer {
  return createHash('sha1').update(content).digest();
}

function makeObject(kind: Kind, content: Buffer): GitObject {
  return { kind, content, id: sha1(Buffer.concat([Buffer.from(`${kind} ${content.length}\0`), content])) };
}

export function blob(content: string | Uint8Array): GitObject {
  return makeObject('blob', Buffer.from(content));
}

/** A tree of entries `[mode, name, object]`, in the order given. */
export function tree(
  ...entries: readonly (readonly [string, string | Uint8Array, { readonly id: Buffer }])[]
): GitObject {
  const parts = entries.map(([mode, name, { id }]) =>
    Buffer.concat([Buffer.from(`${mode} `), Buffer.from(name), Buffer.of(0), id]),
  );
  return treeOf(Buffer.concat(parts));
}

/** A tree of any bytes. */
export function treeOf(content: Buffer): GitObject {
  return makeObject('tree', content);
}

export function commit(root: GitObject, message = 'Text'): GitObject {
  const person = 'Somebody <somebody@example.org> 0 +0000';
  const text = `tree ${root.id.toString('hex')}\nauthor ${person}\ncommitter ${person}\n\n${message}\n`;
  return makeObject('commit', Buffer.from(text));
}

/** The object as an entry of a pack. */
export function whole({ kind, content }: GitObject): Buffer {
  return Buffer.concat([entryHeader(kindNumbers[kind], content.length), deflateSync(content)]);
}

/** The object as an entry that names its base by id: what both begin with is copied, the rest inserted. */
export function delta(base: GitObject, result: GitObject): Buffer {
  let shared = 0;
  while (shared < 0xffff && shared < base.content.length && base.content[shared] === result.content[shared]) {
    shared++;
  }
  const instructions = [varint(base.content.length), varint(result.content.length)];
  if (shared > 0) instructions.push(Buffer.of(0xb0, shared & 0xff, shared >> 8));
  for (let at = shared; at < result.content.length; at += 127) {
    const piece = result.content.subarray(at, at + 127);
    instructions.push(Buffer.of(piece.length), piece);
  }
  return deltaOf(base, Buffer.concat(instructions));
}

/** Instructions that make a result of pieces: each is copied from the base, at an offset and of a length, or inserted. */
export function instructions(
  base: GitObject,
  pieces: readonly (readonly [number, number] | Uint8Array)[],
): { readonly delta: Buffer; readonly result: Buffer } {
  const parts: Buffer[] = [];
  const results: Uint8Array[] = [];
  for (const piece of pieces) {
    if (piece instanceof Uint8Array) {
      results.push(piece);
      for (let at = 0; at < piece.length; at += 127) {
        const inserted = piece.subarray(at, at + 127);
        parts.push(Buffer.of(inserted.length), Buffer.from(inserted));
      }
      continue;
    }
    const [offset, length] = piece;
    results.push(base.content.subarray(offset, offset + length));
    for (let done = 0; done < length; done += 0xffffff)
      parts.push(copy(offset + done, Math.min(length - done, 0xffffff)));
  }
  const result = Buffer.concat(results);
  return { delta: Buffer.concat([varint(base.content.length), varint(result.length), ...parts]), result };
}

/** A copy of at most 16 MiB, with all bytes of its offset and length. */
function copy(offset: number, length: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes[0] = 0xff;
  bytes.writeUInt32LE(offset, 1);
  bytes.writeUIntLE(length, 5, 3);
  return bytes;
}

export function deltaOf(base: GitObject, instructions: Uint8Array): Buffer {
  return Buffer.concat([entryHeader(idDelta, instructions.length), base.id, deflateSync(instructions)]);
}

/** A pack that says it has so many objects. */
export function pack(entries: readonly Uint8Array[], count = entries.length): Buffer {
  const header = Buffer.from('PACK\0\0\0\u0002\0\0\0\0');
  header.writeUInt32BE(count, 8);
  return seal(Buffer.concat([header, ...entries]));
}

/** Puts the hash behind the bytes of a pack. */
export function seal(bytes: Buffer): Buffer {
  return Buffer.concat([bytes, sha1(bytes)]);
}

/** The answer to a fetch, with the pack in packets and a word of progress between them. */
export function answer(bytes: Buffer, packetLength = 1000): Buffer {
  const packets = [packet(Buffer.from('packfile\n'))];
  for (let at = 0; at < bytes.length; at += packetLength) {
    packets.push(packet(Buffer.concat([Buffer.of(1), bytes.subarray(at, at + packetLength)])));
    packets.push(packet(Buffer.from('\u0002still at it\n')));
  }
  return Buffer.concat([...packets, Buffer.from('0000')]);
}

export function packet(content: Buffer): Buffer {
  return Buffer.concat([Buffer.from((content.length + 4).toString(16).padStart(4, '0')), content]);
}

function varint(value: number): Buffer {
  const bytes = [];
  let rest = value;
  for (; rest > 127; rest >>= 7) bytes.push((rest & 127) | 128);
  return Buffer.of(...bytes, rest);
}

/** The kind and the lowest four bits of the size, then seven bits a byte. */
function entryHeader(kind: number, size: number): Buffer {
  const more = size > 15 ? varint(size >> 4) : Buffer.alloc(0);
  return Buffer.concat([Buffer.of((size > 15 ? 128 : 0) | (kind << 4) | (size & 15)), more]);
}
