import { create } from '@bufbuild/protobuf';
import { type StorePath, compareCodePoints, parseDigest, parseStorePath } from '../../foundation/index.ts';
import type { OutputRecord } from '../../store/index.ts';
import { type Output, OutputSchema } from './generated/cab/realizer/v1/realizer_pb.js';

/** Root directories up to this length may well be of a lone file, in bytes: they go along. */
const loneFileSize = 120;

/** An output as a message; `treeSize` is that of its root directory's encoding, in bytes. */
export function outputMessageOf({ path, tree, size, references }: OutputRecord, treeSize: number): Output {
  return create(OutputSchema, {
    path,
    tree: { hash: tree, sizeBytes: BigInt(treeSize) },
    size: BigInt(size),
    references: [...references],
  });
}

/** An output as a message for whoever may use it as an input; `root` is its root directory's encoding. */
export function outputMessageWithRoot(record: OutputRecord, root: Uint8Array): Output {
  const message = outputMessageOf(record, root.length);
  if (root.length <= loneFileSize) message.root = root;
  return message;
}

/** The output that a message is about, or undefined where something in it is malformed. Whether it is so is not looked at. */
export function outputRecordOf({ path, tree, size, references }: Output): OutputRecord | undefined {
  const parsedPath = parseStorePath(path);
  const parsedTree = parseDigest(tree?.hash ?? '');
  const parsedReferences = references.map(parseStorePath);
  if (parsedPath === undefined || parsedTree === undefined) return undefined;
  if (!parsedReferences.every((reference): reference is StorePath => reference !== undefined))
    return undefined;
  if (size < 0n || size > BigInt(Number.MAX_SAFE_INTEGER)) return undefined;
  return {
    path: parsedPath,
    tree: parsedTree,
    size: Number(size),
    references: [...new Set(parsedReferences)].toSorted(compareCodePoints),
  };
}

/** What is told of a root directory's encoding. */
export interface ToldRoot {
  /** In bytes. */
  readonly treeSize: number;
  /** Where it is short. Nobody has hashed it. */
  readonly root?: Uint8Array;
}

export function toldRootOf({ tree, root }: Output): ToldRoot {
  return { treeSize: Number(tree?.sizeBytes ?? 0), ...(root.length > 0 && { root }) };
}
