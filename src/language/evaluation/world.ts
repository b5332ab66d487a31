import type { StorePath } from '../../foundation/index.ts';
import type { Derivation } from '../../derivations/index.ts';

/**
 * A tree that paths lie in: the local tree, an island, a derivation's output, the library. Evaluation tells roots apart by
 * `key` and shows `display` to the user; what stands behind them only the world knows.
 */
export interface Root {
  readonly key: string;
  readonly display: string;
}

/** A path value: `path` is normalised and absolute within its root (`/`, `/a/b`). */
export interface TreePath {
  readonly root: Root;
  readonly path: string;
}

/** An island value: parsed and normalised. `key` is the lock's key, such as `github:cull-os/cab`. */
export interface IslandValue {
  readonly key: string;
  /** The root that paths inside the island have. */
  readonly root: Root;
}

export type EntryKind = 'file' | 'directory' | 'symlink';

/**
 * All that evaluation sees of the outside. Each function either answers at once, or throws: a `DiagnosticError` (to which
 * the evaluator adds the place) where the user is to be told, or an `EffectNeeded` where the answer is not there yet.
 */
export interface World {
  readFile(path: TreePath): Uint8Array;
  readDirectory(path: TreePath): ReadonlyMap<string, EntryKind>;
  /** What is at the path, or undefined if nothing is. Symbolic links inside the root are followed but for the last. */
  entryKind(path: TreePath): EntryKind | undefined;
  /** Puts the tree or file at the path into the store, unless it is there, and names it. */
  addToStore(path: TreePath): StorePath;
  /**
   * The island that `type` and a text or named options describe; options are strings and booleans. `from` is the root of the
   * file that names it: a tree that comes with a lock of its own is read with it.
   */
  island(
    type: string,
    body: string | Readonly<Record<string, string | boolean>>,
    subtree: string,
    from: Root,
  ): IslandValue;
  toDerivation(island: IslandValue): Derivation;
  /** The root of paths in an output of a derivation; reading them realizes it. */
  outputRoot(derivation: Derivation, output: string): Root;
  trace(text: string): void;
  /** The syntax that was kept for a file of the same content, perhaps by another run; absent where nothing is kept. */
  findSyntax?(file: Uint8Array, variant: string): Uint8Array | undefined;
  /** Keeps the syntax of a file without mistakes. `variant` says what else it depends on than the file's content. */
  keepSyntax?(file: Uint8Array, variant: string, syntax: Uint8Array): void;
}

/**
 * Thrown through the evaluator where the world has to do something first. Every thunk on the way is put back as it was, so
 * that the evaluation can be started again once `effect` is done and finds all that it had computed.
 */
export class EffectNeeded extends Error {
  readonly effect: unknown;

  constructor(effect: unknown) {
    super('an effect is needed');
    this.name = 'EffectNeeded';
    this.effect = effect;
  }
}
