import type { StorePath } from '../../../foundation/index.ts';
import { DiagnosticError } from '../../../diagnostics/index.ts';
import type { Store } from '../../../store/index.ts';
import {
  type InputNode,
  type ReadInputRoot,
  outputNodeOf,
  readInputRoot,
  resourceNameOf,
} from '../../protocol/index.ts';
import type { ContentStore } from '../content-store.ts';
import { type Missing, invalid, missing, missingContent } from './action-fault.ts';
import type { ReadAction } from './action-reader.ts';

/**
 * The store paths of a derivation's inputs, by its input root. All of them are there, as the client knows them, and stay there.
 *
 * @throws ActionFault where that is not so.
 */
export async function inputsOf(
  { inputRoot }: ReadAction,
  content: ContentStore,
  store: Store,
): Promise<readonly StorePath[]> {
  if (inputRoot.function !== 'blake3')
    throw invalid('a derivation is named by BLAKE3 digests, since those of its inputs are');
  const root = { digest: inputRoot.hash, size: inputRoot.size };
  const found = await readingInputs(() =>
    readInputRoot(root, ({ digest, size }) => content.read({ function: 'blake3', hash: digest, size })),
  );
  if (!found.ok) {
    if ('fault' in found) throw invalid(found.fault);
    throw missingContent([{ function: 'blake3', hash: found.missing.digest, size: found.missing.size }]);
  }
  const there = store.use(found.inputs.map(({ path }) => path));
  const lacking = found.inputs.filter((input) => !there.has(input.path) || !isAsNamed(input, store));
  if (lacking.length > 0) throw missing(lacking.map(missingInput));
  return found.inputs.map(({ path }) => path);
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

/** Whether what the store has at a path is what the client means by it. */
function isAsNamed({ path, node }: InputNode, store: Store): boolean {
  const tree = store.get(path)?.tree;
  if (tree === undefined) return false;
  const own = outputNodeOf(store.getTreeEncoding(tree));
  switch (node.kind) {
    case 'directory':
      return own.kind === 'directory' && own.digest === node.digest;
    case 'file':
      return own.kind === 'file' && own.digest === node.digest && own.executable === node.executable;
    case 'symlink':
      return own.kind === 'symlink' && own.target === node.target;
    default:
      return false;
  }
}

/** An output is more than its content: which one it is goes along. */
function missingInput({ path, node }: InputNode): Missing {
  if (node.kind === 'symlink') return { subject: path, description: path };
  const { digest: hash, size } = node;
  return { subject: resourceNameOf({ function: 'blake3', hash, size }), description: path };
}
