import type { StorePath } from '../../foundation/index.ts';
import { directoriesOf } from '../add-tree.ts';
import type { Store } from '../store.ts';
import type { ClosureGraph } from './closure-graph.ts';

/** How large a closure is, in bytes of its files' content. */
export interface ClosureSize {
  readonly closure: number;
  /** What it takes on disk, where equal files are held once. */
  readonly onDisk: number;
  /** How many outputs it has. */
  readonly outputs: number;
}

/** Files that the same outputs hold, and nobody else. */
interface Share {
  readonly holders: readonly StorePath[];
  bytes: number;
}

/** Measures the outputs of a closure; every directory is looked at once, however many are asked for. */
export class ClosureSizes {
  readonly #graph: ClosureGraph;
  readonly #shares: readonly Share[];

  constructor(store: Store, graph: ClosureGraph) {
    this.#graph = graph;
    this.#shares = sharesOf(store, graph);
  }

  /** Of an output with all that it refers to. */
  of(path: StorePath): ClosureSize {
    return this.#measure(new Set(this.#graph.stepsFrom(path).keys()));
  }

  /** Of all together. */
  whole(): ClosureSize {
    return this.#measure(new Set(this.#graph.records.keys()));
  }

  #measure(paths: ReadonlySet<StorePath>): ClosureSize {
    let [closure, onDisk] = [0, 0];
    for (const path of paths) closure += this.#graph.record(path).size;
    for (const { holders, bytes } of this.#shares)
      if (holders.some((path) => paths.has(path))) onDisk += bytes;
    return { closure, onDisk, outputs: paths.size };
  }
}

function sharesOf(store: Store, graph: ClosureGraph): readonly Share[] {
  const files = new Map<string, { readonly size: number; readonly holders: StorePath[] }>();
  for (const { path, tree } of graph.records.values()) {
    for (const directory of directoriesOf(tree, (digest) => store.getTree(digest))) {
      for (const { digest, size, executable } of directory.files) {
        // An executable file is one of its own, beside a plain one with the same content.
        const key = executable ? `${digest}.x` : digest;
        const known = files.get(key);
        if (known === undefined) files.set(key, { size, holders: [path] });
        else if (known.holders.at(-1) !== path) known.holders.push(path);
      }
    }
  }
  const shares = new Map<string, Share>();
  for (const { size, holders } of files.values()) {
    const key = holders.join();
    const known = shares.get(key);
    if (known === undefined) shares.set(key, { holders, bytes: size });
    else known.bytes += size;
  }
  return [...shares.values()];
}
