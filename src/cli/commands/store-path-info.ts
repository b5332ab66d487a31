import { type StorePath, baseNameOfStorePath, hashPartOfStorePath } from '../../foundation/index.ts';
import {
  ClosureGraph,
  type ClosureSize,
  type Deriver,
  ClosureSizes,
  type OutputRecord,
  type Sha256Reference,
  type Store,
  formatClaim,
} from '../../workspace/index.ts';
import type { Command } from '../command.ts';
import { UsageError, flag, jsonOption, openWorkspace } from '../options.ts';
import { shownSize } from '../sizes.ts';
import { outputsOfWords, storeWordsHelp } from '../store-words.ts';
import { alignedLines } from '../table.ts';

/** `cab store path-info`. */
export const storePathInfo: Command = {
  name: 'store path-info',
  usage: '[PATH…]',
  summary: 'show hash, size, references and derivers of what is in the store',
  description: `
${storeWordsHelp}
Without one it is ./result. A deriver is a derivation that the output was made by, and by which it is made again where
it gets damaged; 'cab log' takes its id.

With --size it prints a table, the largest first: the size of the files of each output, the size of its closure, and what the closure takes
on disk, where equal files are held once. With --json sizes are in bytes.

  cab store path-info
  cab store path-info --closure --size result
  cab store path-info --sha256 --json result`,
  options: {
    closure: { type: 'boolean', description: 'also all that it refers to' },
    size: { type: 'boolean', description: 'sizes, also of the closure, and on disk' },
    sha256: { type: 'boolean', description: 'what it is called where only SHA-256 is spoken' },
    json: jsonOption,
  },
  async run(context, values, words) {
    if (flag(values, 'size') && flag(values, 'sha256') && !flag(values, 'json')) {
      throw new UsageError('--size and --sha256 go together with --json only');
    }
    const workspace = openWorkspace(context, values);
    try {
      const { store } = workspace;
      const named = outputsOfWords(store, context.folder, words.length === 0 ? ['result'] : words);
      const graph = ClosureGraph.of(store, named);
      const paths = flag(values, 'closure') ? graph.records.keys() : new Set(named);
      const sizes = flag(values, 'size') ? new ClosureSizes(store, graph) : undefined;
      const infos: Info[] = [];
      for (const path of paths) {
        const record = graph.record(path);
        const sha256 = flag(values, 'sha256')
          ? await context.interruptible(() => sha256Of(store, record, context.signal))
          : undefined;
        infos.push({ record, derivers: store.derivers(path), size: sizes?.of(path), sha256 });
      }
      if (flag(values, 'json')) context.print(`${JSON.stringify(infos.map(toJson), undefined, 2)}\n`);
      else if (sizes === undefined) for (const info of infos) context.print(toText(info));
      else context.print(sizeTable(infos, sizes.whole()));
    } finally {
      await workspace.close();
    }
  },
};

interface Info {
  readonly record: OutputRecord;
  readonly derivers: readonly Deriver[];
  readonly size: ClosureSize | undefined;
  readonly sha256: Sha256Names | undefined;
}

/** By SHA-256: the tree, and where it is nothing but one file, that. */
interface Sha256Names {
  readonly tree: Sha256Reference;
  readonly file?: Sha256Reference;
}

async function sha256Of(store: Store, { tree }: OutputRecord, signal: AbortSignal): Promise<Sha256Names> {
  const names = { tree: await store.sha256Of({ kind: 'directory', digest: tree }, signal) };
  const alone = store.getTree(tree).files.find(({ name }) => name === '');
  if (alone === undefined) return names;
  return { ...names, file: await store.sha256Of({ kind: 'file', digest: alone.digest }, signal) };
}

function toJson({ record, derivers, size, sha256 }: Info): object {
  const { path, references } = record;
  return {
    path,
    hash: cabHash(path),
    tree: record.tree,
    size: record.size,
    ...(size !== undefined && {
      closureSize: size.closure,
      closureOutputs: size.outputs,
      onDisk: size.onDisk,
    }),
    ...(sha256 !== undefined && { sha256 }),
    references,
    derivers: derivers.map(({ derivation, output, claims }) => ({
      id: derivation.id,
      name: derivation.name,
      output,
      claims: claims.map(formatClaim),
    })),
  };
}

function toText({ record, derivers, sha256 }: Info): string {
  const references = record.references.map((each) => `  ${baseNameOfStorePath(each)}\n`).join('');
  return `${record.path}
hash        ${cabHash(record.path)}
${sha256 === undefined ? '' : sha256Lines(sha256)}size        ${shownSize(record.size)}
references  ${record.references.length}\n${references}${derivers.map(deriverLines).join('')}`;
}

function deriverLines({ derivation, output, claims }: Deriver): string {
  const claimed = claims.map((claim) => `  ${formatClaim(claim)}\n`).join('');
  return `deriver     ${derivation.id} (${derivation.name}, output ${output})\n${claimed}`;
}

/** As tools of the Remote Execution API write and read them. */
function sha256Lines({ tree, file }: Sha256Names): string {
  const ofFile = file === undefined ? '' : `sha256 file ${shownDigest(file)}\n`;
  return `sha256 tree ${shownDigest(tree)}\n${ofFile}`;
}

function shownDigest({ sha256, size }: Sha256Reference): string {
  return `${sha256}/${size}`;
}

function sizeTable(infos: readonly Info[], whole: ClosureSize): string {
  const rows = infos
    .toSorted((one, other) => other.record.size - one.record.size)
    .map(({ record, size }) => [
      shownSize(record.size),
      shownSize(size?.closure ?? 0),
      shownSize(size?.onDisk ?? 0),
      baseNameOfStorePath(record.path),
    ]);
  const total = `all together: ${whole.outputs} ${whole.outputs === 1 ? 'output' : 'outputs'}`;
  return alignedLines(
    [
      ['size', 'closure', 'on disk', 'path'],
      ...rows,
      ['', shownSize(whole.closure), shownSize(whole.onDisk), total],
    ],
    ['right', 'right', 'right', 'left'],
  );
}

function cabHash(path: StorePath): string {
  return `cab:${hashPartOfStorePath(path)}`;
}
