import type { Log } from '../../log.ts';
import { isErrno } from '../files/errno.ts';
import type { FileNode } from '../files/node.ts';
import { MemoryFault } from '../guest-memory.ts';
import type { HostFunctions } from '../host-functions.ts';
import { programLimits } from '../limits.ts';
import type { ModuleCache, ModuleLimits } from '../module.ts';
import type { ProgramContext } from '../program-context.ts';
import { filterErrors } from './error-numbers.ts';
import { Filter } from './filter.ts';

export interface FiltersOptions {
  readonly modules: ModuleCache;
  readonly moduleLimits: ModuleLimits;
  /** How long one of them may run, not counting what it waits. */
  readonly limitMs: number;
  readonly log: Log;
  /** Whether the program is to end. */
  readonly isToStop: () => boolean;
  readonly afterCall: () => void;
  readonly onRun: () => void;
}

/** The filter functions of the module `cab`, for one program. */
export class Filters {
  readonly #options: FiltersOptions;
  readonly #open = new Map<number, Filter>();
  /** Those that have been closed, and may not have ended yet. */
  readonly #closed = new Set<Filter>();
  #opening: Promise<number> = Promise.resolve(0);
  #count = 0;

  constructor(options: FiltersOptions) {
    this.#options = options;
  }

  /** Those that answer at once. */
  functions(context: ProgramContext): HostFunctions {
    return {
      filter_write: (filter: number, bytes: number, length: number) =>
        answeringFaults(() => this.#write(filter, context.memory().bytes(bytes, length))),
      filter_close: (filter: number) => this.#close(filter),
    };
  }

  /** Those for which the program may have to wait. */
  waitingFunctions(context: ProgramContext): HostFunctions {
    return {
      filter_open: (directory: number, path: number, length: number) =>
        answeringFaults(() => this.#find(context, directory, path, length)),
      filter_read: (filter: number, buffer: number, length: number) =>
        answeringFaults(() => this.#read(filter, () => context.memory().bytes(buffer, length))),
    };
  }

  /** Lets none of them run further than to its next call of the host. */
  abandon(): void {
    for (const number of this.#open.keys()) this.#close(number);
  }

  /** Ends all of them. */
  async end(): Promise<void> {
    this.abandon();
    await Promise.allSettled([this.#opening]);
    await this.#untilClosed();
  }

  #find(context: ProgramContext, directory: number, path: number, length: number): number | Promise<number> {
    const name = context.memory().text(path, length);
    const base = context.descriptors.directory(directory);
    if (name === undefined || typeof base === 'number') return filterErrors.noFile;
    const node = context.files.find(base.node, name, true);
    if (isErrno(node) || node.kind !== 'file') return filterErrors.noFile;
    this.#opening = this.#start(context, name, node);
    return this.#opening;
  }

  async #start(context: ProgramContext, name: string, { content }: FileNode): Promise<number> {
    await this.#untilClosed();
    if (this.#open.size >= programLimits.filters) return filterErrors.tooMany;
    const loaded = await this.#options.modules.load(content.seal().digest, this.#options.moduleLimits);
    if (loaded.kind === 'unfit') return this.#refuse(name, loaded.reason);
    const { log, ...rest } = this.#options;
    const filter = new Filter({ ...rest, name, context, log: log.stream() });
    const number = this.#count++;
    this.#open.set(number, filter);
    const fault = await filter.start(loaded.module);
    if (fault === undefined) return number;
    this.#open.delete(number);
    return this.#refuse(name, fault);
  }

  #refuse(name: string, reason: string): number {
    const log = this.#options.log.stream();
    log.write(Buffer.from(`the filter '${name}' cannot be run: ${reason}\n`));
    log.end();
    this.#options.afterCall();
    return filterErrors.unfit;
  }

  #write(number: number, piece: Uint8Array): number {
    const filter = this.#open.get(number);
    if (filter === undefined) return filterErrors.unknown;
    if (piece.length === 0) return filter.endInput();
    return filter.write(piece);
  }

  #read(number: number, target: () => Uint8Array): number | Promise<number> {
    const filter = this.#open.get(number);
    if (filter === undefined) return filterErrors.unknown;
    return filter.read(target()) ?? this.#readLater(filter, target);
  }

  async #readLater(filter: Filter, target: () => Uint8Array): Promise<number> {
    while (true) {
      const length = filter.read(target());
      if (length !== undefined) return length;
      await filter.progress();
    }
  }

  #close(number: number): void {
    const filter = this.#open.get(number);
    if (filter === undefined) return;
    filter.close();
    this.#open.delete(number);
    this.#closed.add(filter);
  }

  async #untilClosed(): Promise<void> {
    for (const filter of this.#closed) await filter.done;
    this.#closed.clear();
  }
}

function answeringFaults<T>(call: () => T): T | number {
  try {
    return call();
  } catch (error) {
    if (error instanceof MemoryFault) return filterErrors.fault;
    throw error;
  }
}
