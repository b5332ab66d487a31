import { readFileSync } from 'node:fs';
import { lstat, readFile, readdir, readlink } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { blake3 } from '@noble/hashes/blake3.js';
import protobuf from 'protobufjs';

/*
 * Hashes of trees as somebody computes them who has no Cab: from the description of the messages, with a library that reads any
 * such description, another BLAKE3, and a base32 of its own. Nothing of src/ is used here.
 */

/** The message as the description in `protocol/` has it. */
export const directoryMessage: protobuf.Type = protobuf
  .parse(readFileSync(fileURLToPath(new URL('../../protocol/directory.proto', import.meta.url)), 'utf8'))
  .root.lookupType('build.bazel.remote.execution.v2.Directory');

/** A hash function: from bytes to hexadecimal digits. */
export type Hash = (bytes: Uint8Array) => string;

export const otherBlake3: Hash = (bytes) => Buffer.from(blake3(bytes)).toString('hex');

export interface Recomputed {
  /** Of the root's encoding. */
  readonly hash: string;
  readonly size: number;
  /** The encodings of all directories by their hash, the root's among them. */
  readonly encodings: ReadonlyMap<string, Uint8Array>;
}

type PlacedEntry = readonly [name: string, place: string];

/** The tree that lies at a place on disk; a file or a link is a tree by itself. */
export async function recompute(place: string, hash: Hash): Promise<Recomputed> {
  const encodings = new Map<string, Uint8Array>();
  const root = await encode(await entriesAt(place));
  return { hash: root.hash, size: root.sizeBytes, encodings };

  async function encode(
    entries: readonly PlacedEntry[],
  ): Promise<{ readonly hash: string; readonly sizeBytes: number }> {
    const message: Record<'files' | 'directories' | 'symlinks', object[]> = {
      files: [],
      directories: [],
      symlinks: [],
    };
    for (const [name, entry] of entries.toSorted(byBytes)) {
      const status = await lstat(entry);
      if (status.isSymbolicLink()) message.symlinks.push({ name, target: await readlink(entry) });
      else if (status.isDirectory())
        message.directories.push({ name, digest: await encode(await entriesAt(entry)) });
      else {
        const content = await readFile(entry);
        const digest = { hash: hash(content), sizeBytes: content.length };
        message.files.push({ name, digest, isExecutable: (status.mode & 0o100) !== 0 });
      }
    }
    const encoding = directoryMessage.encode(directoryMessage.fromObject(message)).finish();
    const digest = hash(encoding);
    encodings.set(digest, encoding);
    return { hash: digest, sizeBytes: encoding.length };
  }
}

async function entriesAt(place: string): Promise<readonly PlacedEntry[]> {
  if (!(await lstat(place)).isDirectory()) return [['', place]];
  return (await readdir(place)).map((name) => [name, path.join(place, name)]);
}

function byBytes([one]: PlacedEntry, [other]: PlacedEntry): number {
  return Buffer.compare(Buffer.from(one), Buffer.from(other));
}

/** Hexadecimal digits as base32, by way of one large number: its digits are 0 to v, those of base32 a to 7. */
export function base32Of(hex: string): string {
  const bits = hex.length * 4;
  const digits = Math.ceil(bits / 5);
  const number = BigInt(`0x${hex}`) << BigInt(digits * 5 - bits);
  return number
    .toString(32)
    .padStart(digits, '0')
    .replace(/./g, (digit) => 'abcdefghijklmnopqrstuvwxyz234567'.charAt(Number.parseInt(digit, 32)));
}
