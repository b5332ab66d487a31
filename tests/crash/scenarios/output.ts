import { execFileSync } from 'node:child_process';
import { chmodSync, linkSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { type StorePath, baseNameOfStorePath } from '../../../src/foundation/index.ts';
import { type Store, findDiskFull } from '../../../src/store/index.ts';
import { derivationId, noise, putText, scratchOf, writeTree } from './content.ts';
import { openStore } from './open-store.ts';
import type { StoreProgram } from './scenario.ts';

/** What a native build left is taken in: it mentions itself and an input, and has files that are linked, large or locked. */
export const output: StoreProgram = {
  name: 'output',
  async run({ store: folder, work }, report) {
    const store = openStore(folder);
    const input = putText(store, 'an input');
    store.commit({ outputs: [input] });
    report({ kind: 'output', path: input.path });
    for (const round of [1, 2]) {
      using build = store.temporaryFolder('build');
      const source = path.join(build.path, 'out');
      const scratch = scratchOf(`round ${round}`);
      const made = path.join(work, `made ${round}`);
      writeOutput(made, round, scratch, input.path);
      putInPlace(store, made, source);
      const record = await store.addOutput({ source, scratch, name: 'output', candidates: [input.path] });
      const derivation = derivationId(`output ${round}`);
      store.commit({
        outputs: [record],
        realisations: [{ derivation, output: 'out', path: record.path }],
      });
      report({ kind: 'output', path: record.path });
      report({ kind: 'realisation', derivation, output: 'out', path: record.path });
    }
    store.close();
  },
};

/** A program that could not write ends with a word of its own, which the realizer takes as it is done here. */
function putInPlace(store: Store, made: string, source: string): void {
  try {
    execFileSync('cp', ['-a', made, source], { stdio: 'ignore' });
  } catch (error) {
    throw findDiskFull(store.folder, error) ?? error;
  }
}

/** What the build makes. Another process puts it into the store's folder, as another would have made it. */
function writeOutput(folder: string, round: number, scratch: StorePath, input: StorePath): void {
  rmSync(folder, { recursive: true, force: true });
  writeTree(folder, 'made');
  writeFileSync(path.join(folder, 'self'), `I lie at ${scratch}\n`);
  writeFileSync(path.join(folder, 'input'), `and need ${baseNameOfStorePath(input)}\n`);
  writeFileSync(path.join(folder, 'huge'), noise('huge', 1_500_000));
  linkSync(path.join(folder, 'shared.txt'), path.join(folder, 'linked'));
  writeFileSync(path.join(folder, 'locked'), `round ${round}\n`);
  chmodSync(path.join(folder, 'locked'), 0);
}
