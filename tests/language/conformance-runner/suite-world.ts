import { type Derivation } from '../../../src/derivations/index.ts';
import { DiagnosticError } from '../../../src/diagnostics/index.ts';
import {
  digestOf,
  hashPartOf,
  type StorePath,
  storePath,
  toStoreName,
} from '../../../src/foundation/index.ts';
import { type Island, type IslandBody, islandDerivation, makeIsland } from '../../../src/islands/index.ts';
import type {
  EntryKind,
  IslandValue,
  Root,
  TreePath,
  World,
} from '../../../src/language/evaluation/index.ts';
import { localEntryKind, readLocalDirectory, readLocalFile } from '../../../src/workspace/local-reading.ts';

interface TreeRoot extends Root {
  readonly kind: 'local';
  readonly folder: string;
  readonly isForeign: boolean;
  readonly namesPaths: boolean;
}

interface SuiteIsland extends IslandValue {
  readonly island: Island;
}

/** The world of one case: the files beside it, islands that nobody fetches, and no store. */
export class SuiteWorld implements World {
  readonly root: TreeRoot;
  readonly traced: string[] = [];
  readonly #kept: Map<string, Uint8Array> | undefined;

  /** `kept` holds the syntax of files that were parsed before. */
  constructor(folder: string, kept?: Map<string, Uint8Array>) {
    this.#kept = kept;
    this.root = { kind: 'local', key: 'tree', display: '.', folder, isForeign: false, namesPaths: true };
  }

  readFile(place: TreePath): Uint8Array {
    return readLocalFile(this.#local(place));
  }

  findSyntax(file: Uint8Array, variant: string): Uint8Array | undefined {
    return this.#kept?.get(`${variant} ${digestOf(file)}`);
  }

  keepSyntax(file: Uint8Array, variant: string, syntax: Uint8Array): void {
    this.#kept?.set(`${variant} ${digestOf(file)}`, syntax);
  }

  readDirectory(place: TreePath): ReadonlyMap<string, EntryKind> {
    return readLocalDirectory(this.#local(place));
  }

  entryKind(place: TreePath): EntryKind | undefined {
    return localEntryKind(this.#local(place));
  }

  /** A path that stands for the tree, and is the same for the same place; no program of the suite sees more of it. */
  addToStore(place: TreePath): StorePath {
    const name = toStoreName(place.path.slice(place.path.lastIndexOf('/') + 1));
    return storePath(hashPartOf(digestOf(`${place.root.key} ${place.path}`)), name);
  }

  island(type: string, body: IslandBody, subtree: string): SuiteIsland {
    const made = makeIsland(type, body, subtree);
    if (!made.ok) throw new DiagnosticError(made.diagnostic);
    const { key } = made.island;
    return { key, root: { key, display: `<${key}>` }, island: made.island };
  }

  toDerivation(island: IslandValue): Derivation {
    return islandDerivation((island as SuiteIsland).island, (name) => {
      return storePath(hashPartOf(digestOf(name)), toStoreName(`${name}.wasm`));
    });
  }

  outputRoot(derivation: Derivation, output: string): Root {
    return { key: `${derivation.name}.${output}`, display: `${derivation.name}.${output}` };
  }

  trace(text: string): void {
    this.traced.push(text);
  }

  #local(place: TreePath): TreePath & { readonly root: TreeRoot } {
    if (place.root === this.root) return { ...place, root: this.root };
    throw new Error(`the suite reads nothing of ${place.root.display}`);
  }
}
