import { appendFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { type StorePath, digestOf } from '../../../src/foundation/index.ts';
import type { Store } from '../../../src/store/index.ts';
import type { Place } from '../place.ts';
import { derivationId, noise, putText, writeTree } from '../scenarios/content.ts';

/** What is in a sample, by the names under which it can be asked for. */
export interface Sample {
  readonly outputs: readonly StorePath[];
  readonly derivations: number;
}

const chainLength = 40;

/** Fills a store with some of everything, and enough of it for the tables to have inner pages. */
export function fillSample({ work }: Place, store: Store): Sample {
  writeTree(path.join(work, 'tree'), 'sample');
  for (let file = 0; file < 40; file++) {
    writeFileSync(path.join(work, 'tree', `file ${file}`), noise(`file ${file}`, 50 + file));
  }
  appendFileSync(path.join(work, 'tree', 'own.txt'), 'more\n');
  const outputs: StorePath[] = [store.addLocal(path.join(work, 'tree'), 'tree', { now: later })];
  for (let index = 0; index < chainLength; index++) {
    const record = putText(store, `text ${index}`, outputs.slice(-2));
    const derivation = derivationId(`${index}`);
    const encoding = store.getTreeEncoding(record.tree);
    store.commit({
      outputs: [record],
      realisations: [{ derivation, output: 'out', path: record.path }],
      claims: [{ scope: derivation, claim: { format: 'git', value: gitId(index) }, path: record.path }],
      contents: [
        {
          kind: 'directory',
          digest: record.tree,
          size: encoding.length,
          program: digestOf('program'),
          id: contentId(index),
          path: record.path,
        },
      ],
    });
    outputs.push(record.path);
  }
  for (const output of outputs.slice(0, 5)) store.materialise(output);
  store.logs.write(['log'], ['first line', noise('log', 2000).toString('hex')]);
  return { outputs, derivations: chainLength };
}

/** As origins name things: one bit makes nothing of it that anybody asks for. */
export function gitId(index: number): string {
  return digestOf(`git ${index}`).slice(0, 40);
}

export function contentId(index: number): string {
  return `git-tree:${gitId(index)}`;
}

export function later(): number {
  return Date.now() + 10_000;
}
