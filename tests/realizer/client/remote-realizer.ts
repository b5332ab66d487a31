import type { TestContext } from 'node:test';
import { type RemoteRealizer, openRemoteRealizer } from '../../../src/realizer/client/index.ts';
import type { RealizeContext, RemoteConfiguration } from '../../../src/realizer/index.ts';
import type { Store } from '../../../src/store/index.ts';
import { temporaryStore } from '../../store/temporary-store.ts';

/** A store that is gone with the test. */
export function withStore(test: TestContext): Store {
  const temporary = temporaryStore();
  test.after(() => temporary[Symbol.dispose]());
  return temporary.store;
}

/** A client of a realizer, closed with the test. */
export function withRemote(
  test: TestContext,
  configuration: RemoteConfiguration,
  store: Store,
): RemoteRealizer {
  const remote = openRemoteRealizer(configuration, { store, version: '0.0.0' });
  test.after(() => remote.close());
  return remote;
}

export const quiet: RealizeContext = { emit: () => undefined, signal: new AbortController().signal };
