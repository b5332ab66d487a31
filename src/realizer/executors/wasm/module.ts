import type { Digest } from '../../../foundation/index.ts';
import type { Blobs } from '../../../store/index.ts';
import { hostLimits, programLimits } from './limits.ts';
import { limitMemory } from './memory-limit.ts';

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

  /** `memory` is how many bytes of linear memory it may have. */
  load(program: Digest, memory: number = programLimits.memory): Promise<LoadedModule> {
    const key = `${program} ${memory}`;
    const module = this.#modules.get(key) ?? loadModule(this.#blobs.read(program), memory);
    this.#modules.delete(key);
    this.#modules.set(key, module);
    if (this.#modules.size > hostLimits.modules) {
      const [oldest] = this.#modules.keys();
      if (oldest !== undefined) this.#modules.delete(oldest);
    }
    return module;
  }
}

async function loadModule(binary: Uint8Array, memory: number): Promise<LoadedModule> {
  if (Buffer.from(binary.subarray(0, 4)).toString('latin1') !== '\0asm') {
    return { kind: 'unfit', reason: 'it is not a WebAssembly module' };
  }
  const limited = limitMemory(binary, memory);
  if (limited.kind === 'unfit') return limited;
  try {
    return { kind: 'module', module: await WebAssembly.compile(limited.binary) };
  } catch (error) {
    if (!(error instanceof WebAssembly.CompileError)) throw error;
    return { kind: 'unfit', reason: `it is not a valid WebAssembly module: ${error.message}` };
  }
}

/** What keeps a module from being run by this host, given the functions that the host has; undefined where nothing does. */
export function misfitOf(
  module: WebAssembly.Module,
  functions: Readonly<Record<string, Readonly<Record<string, unknown>>>>,
): string | undefined {
  const lacking = WebAssembly.Module.imports(module)
    .filter(({ module: from, name, kind }) => kind !== 'function' || functions[from]?.[name] === undefined)
    .map(({ module: from, name }) => `${from}.${name}`);
  if (lacking.length > 0) return `it imports what the realizer does not have: ${lacking.join(', ')}`;
  const exports = new Map(WebAssembly.Module.exports(module).map(({ name, kind }) => [name, kind]));
  if (exports.get('_start') !== 'function') return "it does not export the function '_start'";
  if (exports.get('memory') !== 'memory') return "it does not export its memory as 'memory'";
  return undefined;
}
