import type { BlobReference, Blobs, ReferenceScanner } from '../../../../store/index.ts';
import { hostLimits } from '../limits.ts';
import type { BufferShelf } from './buffer-shelf.ts';
import { type Errno, errno } from './errno.ts';
import type { Quota } from './quota.ts';
import { TemporaryFile } from './temporary-file.ts';
import { StoredFile, StreamedFile } from './stored-file.ts';
import type { PendingBlob, WriteBehind } from '../writing/write-behind.ts';

/** What the contents of one program's files share. */
export interface ContentContext {
  readonly blobs: Blobs;
  /** Where small files go that nobody has to look into. */
  readonly writeBehind: WriteBehind;
  /** Finds what files mention, where that counts. */
  readonly scanner: ReferenceScanner | undefined;
  readonly temporaryFolder: string;
  /** What exists at one time. */
  readonly bytes: Quota;
  /** All that is ever written. */
  readonly written: Quota;
  /** Where small files are while they are written. */
  readonly buffers: BufferShelf;
}

/** Small, and open for writing: a buffer that is longer than what it holds. */
interface MemoryState {
  readonly kind: 'memory';
  buffer: Buffer;
  size: number;
}

type State =
  | MemoryState
  | { readonly kind: 'streamed'; readonly file: StreamedFile }
  | { readonly kind: 'temporary'; readonly file: TemporaryFile }
  | { readonly kind: 'pending'; readonly file: PendingBlob }
  | { readonly kind: 'stored'; readonly file: StoredFile };

/**
 * The bytes of a file. While a descriptor may write them they are in memory, or on their way through the hasher into the
 * store as long as they are only appended, or in a temporary file where they are not. When the last such descriptor is
 * closed they become a blob, if not at once then until anybody asks for it.
 */
export class FileContent {
  readonly inode: bigint;
  /** How many names the content has. */
  links = 0;
  /** Whether the scanner has seen it on its way into the store. */
  scanned = false;
  readonly #context: ContentContext;
  #state: State;
  #handles = 0;
  #writers = 0;
  /** How much of the program's quota is taken by it. */
  #charged = 0;

  private constructor(context: ContentContext, inode: bigint, state: State) {
    this.#context = context;
    this.inode = inode;
    this.#state = state;
  }

  static empty(context: ContentContext, inode: bigint): FileContent {
    return new FileContent(context, inode, { kind: 'memory', buffer: Buffer.alloc(0), size: 0 });
  }

  static stored(context: ContentContext, inode: bigint, reference: BlobReference): FileContent {
    return new FileContent(context, inode, {
      kind: 'stored',
      file: new StoredFile(context.blobs, reference),
    });
  }

  /** The same bytes with a life of their own: what is written to one does not show in the other. */
  copy(inode: bigint): FileContent {
    const copy = FileContent.stored(this.#context, inode, this.seal());
    copy.scanned = this.scanned;
    return copy;
  }

  get size(): number {
    return this.#state.kind === 'memory' ? this.#state.size : this.#state.file.size;
  }

  retain(writes: boolean): void {
    this.#handles++;
    if (writes) this.#writers++;
  }

  release(writes: boolean): void {
    this.#handles--;
    if (writes && --this.#writers === 0 && this.links > 0) this.#settle();
    if (this.#handles > 0) return;
    if (this.links === 0) this.discard();
    if (this.#state.kind === 'stored') this.#state.file.close();
  }

  /** A name of it has gone. */
  unlink(): void {
    this.links--;
    if (this.links === 0 && this.#handles === 0) this.discard();
  }

  read(target: Uint8Array, offset: number): number {
    if (this.#state.kind === 'pending' && this.#state.file.bytes === undefined) this.seal();
    const state = this.#state.kind === 'streamed' ? this.#toRandomAccess() : this.#state;
    if (state.kind === 'pending') return copyFrom(state.file.bytes ?? none, target, offset);
    if (state.kind === 'memory') return copyFrom(state.buffer.subarray(0, state.size), target, offset);
    return state.file.read(target, offset);
  }

  write(source: Uint8Array, offset: number): Errno {
    const end = offset + source.length;
    const size = Math.max(end, this.size);
    if (!this.#pay(size, Math.max(source.length, end - this.size))) return errno.noSpace;
    if (this.#state.kind !== 'streamed' && this.#state.kind !== 'temporary')
      this.#prepare(end, offset === this.size);
    if (this.#state.kind === 'streamed') {
      if (offset === this.size) {
        this.#state.file.append(source);
        return errno.success;
      }
      this.#toRandomAccess();
    }
    if (this.#state.kind === 'temporary') this.#state.file.write(source, offset);
    if (this.#state.kind === 'memory') writeToMemory(this.#state, source, offset, this.#context.buffers);
    return errno.success;
  }

  resize(size: number): Errno {
    if (size === this.size) return errno.success;
    if (!this.#pay(size, Math.max(0, size - this.size))) return errno.noSpace;
    if (size === 0) this.#become({ kind: 'memory', buffer: Buffer.alloc(0), size: 0 });
    else if (this.#state.kind !== 'temporary') this.#prepare(Math.max(size, this.size), false);
    if (this.#state.kind === 'streamed') this.#toRandomAccess();
    if (this.#state.kind === 'temporary') this.#state.file.resize(size);
    if (this.#state.kind === 'memory') resizeMemory(this.#state, size, this.#context.buffers);
    return errno.success;
  }

  /** Makes the content a blob, unless it is one, and answers which. */
  seal(): BlobReference {
    const state = this.#state;
    if (state.kind === 'stored') return state.file.reference;
    const reference = this.#store(state);
    this.scanned = this.#context.scanner !== undefined;
    this.#state = { kind: 'stored', file: new StoredFile(this.#context.blobs, reference) };
    return reference;
  }

  /** No descriptor writes any more. */
  #settle(): void {
    const { scanner, writeBehind } = this.#context;
    if (this.#state.kind === 'memory' && scanner === undefined) {
      const { buffer, size } = this.#state;
      const pending = writeBehind.put(buffer.subarray(0, size));
      if (pending !== undefined) {
        this.#state = { kind: 'pending', file: pending };
        this.#context.buffers.giveBack(buffer);
      }
    }
    if (this.#state.kind !== 'pending') this.seal();
  }

  /** Forgets the bytes, which no one can reach any more. */
  discard(): void {
    this.#chargeFor(0);
    this.#become({ kind: 'memory', buffer: Buffer.alloc(0), size: 0 });
  }

  #store(state: Exclude<State, { kind: 'stored' }>): BlobReference {
    const { blobs, scanner } = this.#context;
    if (state.kind === 'pending') return state.file.reference();
    if (state.kind === 'memory') return blobs.put(state.buffer.subarray(0, state.size), scanner);
    return state.kind === 'streamed' ? state.file.finish() : state.file.store(blobs, scanner);
  }

  /** Takes what a change costs that leaves it at a size: the first one of what is the store's makes a copy of all of it. */
  #pay(size: number, written: number): boolean {
    const { kind } = this.#state;
    const copied = (kind === 'stored' || kind === 'pending') && size > 0 ? this.size : 0;
    if (!this.#context.written.take(written + copied)) return false;
    if (this.#chargeFor(size)) return true;
    this.#context.written.take(-written - copied);
    return false;
  }

  #chargeFor(size: number): boolean {
    if (!this.#context.bytes.take(size - this.#charged)) return false;
    this.#charged = size;
    return true;
  }

  #become(state: State): void {
    if (this.#state.kind === 'streamed') this.#state.file.abort();
    if (this.#state.kind === 'temporary' || this.#state.kind === 'stored') this.#state.file.close();
    this.#state = state;
    this.scanned = false;
  }

  /** Brings a stored or small file into a state in which it can be written up to `end`. */
  #prepare(end: number, appends: boolean): void {
    const fits = end <= hostLimits.fileInMemory;
    if (this.#state.kind === 'memory') {
      if (fits) return;
      if (appends) this.#toStream(this.#state.buffer.subarray(0, this.#state.size));
      else this.#toRandomAccess();
      return;
    }
    if (!fits) {
      this.#toRandomAccess();
      return;
    }
    const buffer = Buffer.alloc(this.size);
    this.read(buffer, 0);
    this.#become({ kind: 'memory', buffer, size: buffer.length });
  }

  #toStream(content: Uint8Array): void {
    const file = new StreamedFile(this.#context.blobs.writer(this.#context.scanner));
    file.append(content);
    this.#become({ kind: 'streamed', file });
  }

  #toRandomAccess(): Extract<State, { kind: 'temporary' }> {
    if (this.#state.kind === 'streamed') this.seal();
    const file = new TemporaryFile(this.#context.temporaryFolder);
    const piece = Buffer.allocUnsafe(hostLimits.fileInMemory);
    for (let offset = 0; offset < this.size;) {
      const length = this.read(piece, offset);
      file.write(piece.subarray(0, length), offset);
      offset += length;
    }
    const state = { kind: 'temporary', file } as const;
    this.#become(state);
    return state;
  }
}

const none = new Uint8Array(0);

function copyFrom(content: Uint8Array, target: Uint8Array, offset: number): number {
  const piece = content.subarray(offset, offset + target.length);
  target.set(piece);
  return piece.length;
}

function writeToMemory(state: MemoryState, source: Uint8Array, offset: number, buffers: BufferShelf): void {
  if (offset > state.size) resizeMemory(state, offset, buffers);
  const end = offset + source.length;
  makeRoom(state, end, buffers);
  state.buffer.set(source, offset);
  state.size = Math.max(state.size, end);
}

function resizeMemory(state: MemoryState, size: number, buffers: BufferShelf): void {
  makeRoom(state, size, buffers);
  if (size > state.size) state.buffer.fill(0, state.size, size);
  state.size = size;
}

function makeRoom(state: MemoryState, size: number, buffers: BufferShelf): void {
  if (size <= state.buffer.length) return;
  const length = Math.max(size, Math.min(2 * state.buffer.length, hostLimits.fileInMemory));
  const buffer = buffers.take(length);
  state.buffer.copy(buffer, 0, 0, state.size);
  buffers.giveBack(state.buffer);
  state.buffer = buffer;
}
