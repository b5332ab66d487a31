import { errno, type Errno } from '../files/errno.ts';
import type { ClaimsNode, DirectoryNode, FileNode, Node } from '../files/node.ts';
import { programLimits } from '../limits.ts';

/** What takes lines apart that a program writes: a stream of the log, or the claims. */
export interface LineSink {
  write(piece: Uint8Array): void;
}

export type Descriptor =
  | { readonly kind: 'empty' }
  | { readonly kind: 'log'; readonly sink: LineSink }
  /** What a filter reads from, and writes to. */
  | { readonly kind: 'input' }
  | { readonly kind: 'output' }
  | { readonly kind: 'claims'; readonly node: ClaimsNode; readonly sink: LineSink }
  | OpenDirectory
  | OpenFile;

export interface OpenDirectory {
  readonly kind: 'directory';
  readonly node: DirectoryNode;
  /** The name under which it was open from the beginning. */
  readonly preopenedAs?: string;
  /** What a listing that has begun goes through, so that no change on the way makes it miss or repeat an entry. */
  listing?: readonly (readonly [string, Node])[];
}

export interface OpenFile {
  readonly kind: 'file';
  readonly node: FileNode;
  readonly readable: boolean;
  readonly writable: boolean;
  /** The flags of preview 1 with which it was opened; only `append` changes anything. */
  flags: number;
  position: number;
}

/** The descriptors of one program; the lowest free number is given out. */
export class DescriptorTable {
  readonly #open = new Map<number, Descriptor>();
  #lowestFree = 0;

  get(number: number): Descriptor | undefined {
    return this.#open.get(number);
  }

  directory(number: number): OpenDirectory | Errno {
    const descriptor = this.#open.get(number);
    if (descriptor === undefined) return errno.badDescriptor;
    return descriptor.kind === 'directory' ? descriptor : errno.notDirectory;
  }

  add(descriptor: Descriptor): number | undefined {
    if (this.#open.size >= programLimits.descriptors) return undefined;
    while (this.#open.has(this.#lowestFree)) this.#lowestFree++;
    const number = this.#lowestFree;
    this.#open.set(number, descriptor);
    if (descriptor.kind === 'file') descriptor.node.content.retain(descriptor.writable);
    return number;
  }

  close(number: number): Errno {
    const descriptor = this.#open.get(number);
    if (descriptor === undefined) return errno.badDescriptor;
    this.#open.delete(number);
    this.#lowestFree = Math.min(this.#lowestFree, number);
    if (descriptor.kind === 'file') descriptor.node.content.release(descriptor.writable);
    return errno.success;
  }

  /** Moves a descriptor to another number, and closes what that was. */
  renumber(from: number, to: number): Errno {
    const descriptor = this.#open.get(from);
    if (descriptor === undefined || !this.#open.has(to)) return errno.badDescriptor;
    if (from === to) return errno.success;
    this.close(to);
    this.#open.delete(from);
    this.#open.set(to, descriptor);
    this.#lowestFree = Math.min(this.#lowestFree, from);
    return errno.success;
  }

  closeAll(): void {
    for (const number of this.#open.keys()) this.close(number);
  }

  /** Forgets what is open, and what was written to it: nothing unfinished stays behind. */
  discardAll(): void {
    for (const descriptor of this.#open.values()) {
      if (descriptor.kind === 'file') descriptor.node.content.discard();
    }
    this.#open.clear();
  }
}
