import { digestOf } from '../../../src/foundation/index.ts';
import { encodeDirectory } from '../../../src/store/index.ts';
import { derivationId, noise, putText } from './content.ts';
import { openStore } from './open-store.ts';
import type { StoreProgram } from './scenario.ts';

/** Blobs small and large, trees, and a commit of everything that can be recorded. */
export const ingest: StoreProgram = {
  name: 'ingest',
  run({ store: folder }, report) {
    const store = openStore(folder);
    for (const seed of ['one', 'two']) {
      report({ kind: 'blob', digest: store.blobs.put(noise(seed, 5000)).digest });
    }
    const writer = store.blobs.writer();
    for (let piece = 0; piece < 9; piece++) writer.write(noise(`piece ${piece}`, 300_000));
    report({ kind: 'blob', digest: writer.finish().digest });

    const links = ['first', 'second', 'third'].map((name) =>
      encodeDirectory({ files: [], directories: [], symlinks: [{ name, target: 'x'.repeat(3000) }] }),
    );
    store.putTrees(links);
    for (const link of links) report({ kind: 'tree', digest: digestOf(link) });

    const lower = putText(store, 'lower');
    const upper = putText(store, 'upper', [lower.path]);
    const program = digestOf('program');
    const derivation = derivationId('ingest');
    store.commit({
      outputs: [lower, upper],
      realisations: [{ derivation, output: 'out', path: upper.path }],
      claims: [{ scope: derivation, claim: { format: 'git', value: 'abc' }, path: lower.path }],
      contents: [
        {
          kind: 'directory',
          digest: upper.tree,
          size: store.getTreeEncoding(upper.tree).length,
          program,
          id: 'git-tree:1',
          path: upper.path,
        },
      ],
    });
    for (const { path } of [lower, upper]) report({ kind: 'output', path });
    report({ kind: 'realisation', derivation, output: 'out', path: upper.path });
    report({ kind: 'claim', scope: derivation, claim: 'git:abc', path: lower.path });
    report({ kind: 'content', program, id: 'git-tree:1', digest: upper.tree });

    const part = store.addPart(upper.path, '/text', 'part');
    if (part !== undefined) report({ kind: 'output', path: part });
    store.close();
  },
};
