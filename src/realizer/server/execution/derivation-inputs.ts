import { type Digest, type StorePath, unreachable } from '../../../foundation/index.ts';
import { DiagnosticError } from '../../../diagnostics/index.ts';
import { BoundedCache, type Store } from '../../../store/index.ts';
import {
  type InputNode,
  type OutputNode,
  type ReadInputRoot,
  outputNodeOf,
  readInputRoot,
  resourceNameOf,
} from '../../protocol/index.ts';
import { type ContentStore, largestDirectory } from '../content/content-store.ts';
import { type Missing, invalid, missing, missingContent } from './action-fault.ts';
import type { ReadAction } from './action-reader.ts';

/** How many outputs are remembered as nodes. */
const nodesLimit = 10_000;

/** Tells what an action means by its input root; what outputs are as nodes is remembered, since many actions have the same inputs. */
export class DerivationInputs {
  readonly #content: ContentStore;
  readonly #store: Store;
  readonly #nodes = new BoundedCache<Digest, OutputNode>(nodesLimit);

  constructor(content: ContentStore, store: Store) {
    this.#content = content;
    this.#store = store;
  }

  /**
   * The store paths of a derivation's inputs, by its input root. All of them are there, as the client knows them, and stay there.
   *
   * @throws ActionFault where that is not so.
   */
  async of({ inputRoot }: ReadAction): Promise<readonly StorePath[]> {
    if (inputRoot.function !== 'blake3')
      throw invalid('a derivation is named by BLAKE3 digests, since those of its inputs are');
    const found = await readingInputs(() =>
      readInputRoot({ digest: inputRoot.hash, size: inputRoot.size }, ({ digest, size }) => {
        if (size > largestDirectory)
          throw invalid(`its input root holds a directory of more than ${largestDirectory} bytes`);
        return this.#content.read({ function: 'blake3', hash: digest, size });
      }),
    );
    if (!found.ok) {
      if ('fault' in found) throw invalid(found.fault);
      const { digest: hash, size } = found.missing;
      throw missingContent([{ function: 'blake3', hash, size }]);
    }
    const there = this.#store.use(found.inputs.map(({ path }) => path));
    const lacking = found.inputs.filter((input) => !there.has(input.path) || !this.#isAsNamed(input));
    if (lacking.length > 0) throw missing(lacking.map(missingInput));
    return found.inputs.map(({ path }) => path);
  }

  /** Whether what the store has at a path is what the client means by it. */
  #isAsNamed({ path, node }: InputNode): boolean {
    const tree = this.#store.get(path)?.tree;
    return tree !== undefined && isSame(this.#nodeOf(tree), node);
  }

  #nodeOf(tree: Digest): OutputNode {
    const known = this.#nodes.get(tree);
    if (known !== undefined) return known;
    const node = outputNodeOf(this.#store.getTreeEncoding(tree));
    this.#nodes.set(tree, node, 1);
    return node;
  }
}

async function readingInputs(read: () => Promise<ReadInputRoot>): Promise<ReadInputRoot> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof DiagnosticError && error.diagnostics[0]?.code === 'CAB5007')
      throw invalid(`in its input root ${error.diagnostics[0].message}`);
    throw error;
  }
}

function isSame(own: OutputNode, node: OutputNode): boolean {
  switch (node.kind) {
    case 'directory':
      return own.kind === 'directory' && own.digest === node.digest;
    case 'file':
      return own.kind === 'file' && own.digest === node.digest && own.executable === node.executable;
    case 'symlink':
      return own.kind === 'symlink' && own.target === node.target;
    default:
      return unreachable(node);
  }
}

/** An output is more than its content: which one it is goes along. */
function missingInput({ path, node }: InputNode): Missing {
  if (node.kind === 'symlink') return { subject: path, description: path };
  const { digest: hash, size } = node;
  return { subject: resourceNameOf({ function: 'blake3', hash, size }), description: path };
}
