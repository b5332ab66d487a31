/**
 * The part of the WebAssembly JavaScript Interface, and of its extension for promises, that this layer uses. TypeScript
 * has it only among the types of browsers.
 */
declare namespace WebAssembly {
  type ExternalKind = 'function' | 'global' | 'memory' | 'table' | 'tag';

  interface ImportDescriptor {
    readonly module: string;
    readonly name: string;
    readonly kind: ExternalKind;
  }

  interface ExportDescriptor {
    readonly name: string;
    readonly kind: ExternalKind;
  }

  class Module {
    private constructor();
    static imports(module: Module): ImportDescriptor[];
    static exports(module: Module): ExportDescriptor[];
  }

  class Memory {
    private constructor();
    readonly buffer: ArrayBuffer;
  }

  type Imports = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

  class Instance {
    constructor(module: Module, imports: Imports);
    readonly exports: Readonly<Record<string, unknown>>;
  }

  class CompileError extends Error {}
  class LinkError extends Error {}
  class RuntimeError extends Error {}

  function compile(binary: Uint8Array<ArrayBuffer>): Promise<Module>;
  function instantiate(module: Module, imports: Imports): Promise<Instance>;

  /** A function of the host for which the program's frames are laid aside where it answers with a promise. */
  const Suspending: new (call: (...parameters: never[]) => unknown) => object;

  /** The export as a function that answers with a promise, and may call functions that suspend. */
  function promising<Result>(exported: () => Result): () => Promise<Result>;
}
