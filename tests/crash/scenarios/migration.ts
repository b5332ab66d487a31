import { Store } from '../../../src/store/index.ts';
import { held, makeOlderStore } from './older-layouts.ts';
import type { StoreProgram } from './scenario.ts';

/** A store of an older layout is opened, which takes it over, and is asked for all that it holds. */
export function migrationFrom(layout: number): StoreProgram {
  return {
    name: `migration from layout ${layout}`,
    prepare: ({ store }) => void makeOlderStore(store, layout),
    run({ store: folder }, report) {
      const store = Store.open(folder);
      const { derivation, claim, program, content } = held;
      const upper = store.findRealisation(derivation, 'out');
      const lower = store.findClaim(derivation, claim);
      if (upper === undefined || lower === undefined) throw new Error('something was lost');
      report({ kind: 'realisation', derivation, output: 'out', path: upper });
      report({ kind: 'claim', scope: derivation, claim: 'git:abc', path: lower });
      for (const path of store.closure([upper])) report({ kind: 'output', path });
      const known = store.findContent(program, content);
      if (known !== undefined) report({ kind: 'content', program, id: content, digest: known.digest });
      store.close();
    },
  };
}
