import { Store } from '../../../src/store/index.ts';

/** Opens the store as the scenario's environment has it. */
export function openStore(folder: string): Store {
  return Store.open(folder, { durable: process.env['CAB_TEST_DURABLE'] === '1' });
}
