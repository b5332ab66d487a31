import { statSync } from 'node:fs';
import type { Digest } from '../../../foundation/index.ts';
import type { ProgramLimits } from '../../program-limits.ts';
import type { Blobs } from '../../../store/index.ts';
import { hostLimits } from './limits.ts';
import { type LimitedModule, limitMemory } from './memory-limit.ts';
import { limitTables } from './table-limit.ts';
import { usesCollectedMemory } from './collected-memory.ts';

/** What one module may be and have. */
export type ModuleLimits = Pick<ProgramLimits, 'module' | 'memory' | 'tableEntries' | 'collectedMemory'>;

export type LoadedModule =
  | { readonly kind: 'module'; readonly module: WebAssembly.Module }
  /** Why the file cannot be run, as a sentence's end. */
  | { readonly kind: 'unfit'; readonly reason: string };

/** Compiles programs; those used last stay compiled. */
export class ModuleCache {
  readonly #blobs: Blobs;
  readonly #modules = new Map<string, Promise<LoadedModule>>();

  constructor(blobs: Blobs) {
    this.#blobs = blobs;
  }

  load(program: Digest, limits: ModuleLimits): Promise<LoadedModule> {
    const key = `${program} ${limits.memory}`;
    const module = this.#modules.get(key) ?? this.#load(program, limits);
    this.#modules.delete(key);
    this.#modules.set(key, module);
    if (this.#modules.size > hostLimits.modules) {
      const [oldest] = this.#modules.keys();
      if (oldest !== undefined) this.#modules.delete(oldest);
    }
    return module;
  }

  async #load(program: Digest, limits: ModuleLimits): Promise<LoadedModule> {
    const { size } = statSync(this.#blobs.file(program));
    if (size > limits.module)
      return { kind: 'unfit', reason: `it has ${size} bytes, and may have ${limits.module}` };
    return await compile(this.#blobs.read(program), limits);
  }
}

async function compile(binary: Uint8Array, limits: ModuleLimits): Promise<LoadedModule> {
  if (Buffer.from(binary.subarray(0, 4)).toString('latin1') !== '\0asm') {
    return { kind: 'unfit', reason: 'it is not a WebAssembly module' };
  }
  const limited = limit(binary, limits);
  if (limited.kind === 'unfit') return limited;
  try {
    return { kind: 'module', module: await WebAssembly.compile(limited.binary) };
  } catch (error) {
    if (!(error instanceof WebAssembly.CompileError)) throw error;
    return { kind: 'unfit', reason: `it is not a valid WebAssembly module: ${error.message}` };
  }
}

function limit(binary: Uint8Array, { memory, tableEntries, collectedMemory }: ModuleLimits): LimitedModule {
  if (!collectedMemory && usesCollectedMemory(binary))
    return {
      kind: 'unfit',
      reason: 'it uses memory that the engine collects, which this realizer cannot bound',
    };
  const limited = limitMemory(binary, memory);
  return limited.kind === 'unfit' ? limited : limitTables(limited.binary, tableEntries);
}

/** How many imports a message names. */
const shownImports = 10;

/** What keeps a module from being run by this host, given the functions that the host has; undefined where nothing does. */
export function misfitOf(
  module: WebAssembly.Module,
  functions: Readonly<Record<string, Readonly<Record<string, unknown>>>>,
): string | undefined {
  const lacking = WebAssembly.Module.imports(module)
    .filter(({ module: from, name, kind }) => kind !== 'function' || functions[from]?.[name] === undefined)
    .map(({ module: from, name }) => `${from}.${name}`);
  const others = lacking.length > shownImports ? ` and ${lacking.length - shownImports} others` : '';
  const shown = lacking.slice(0, shownImports).join(', ');
  if (lacking.length > 0) return `it imports what the realizer does not have: ${shown}${others}`;
  const exports = new Map(WebAssembly.Module.exports(module).map(({ name, kind }) => [name, kind]));
  if (exports.get('_start') !== 'function') return "it does not export the function '_start'";
  if (exports.get('memory') !== 'memory') return "it does not export its memory as 'memory'";
  return undefined;
}
