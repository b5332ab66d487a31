import assert from 'node:assert/strict';
import { test } from 'node:test';
import { digestOf } from '../../src/foundation/index.ts';
import { Store } from '../../src/store/index.ts';
import { bytes, temporaryFolder } from './temporary-store.ts';

const action = digestOf('action');
const key = { function: 'blake3', action, identity: '' };
const others = [
  { ...key, function: 'sha256' },
  { ...key, action: digestOf('another action') },
  { ...key, identity: 'another machine' },
];

test('a result is kept for its function, action and identity, by whatever process, until it is taken out', () => {
  using folder = temporaryFolder();
  const first = Store.open(folder.path);
  for (const each of [key, ...others]) assert.equal(first.actionResults.get(each), undefined);
  first.actionResults.put(key, bytes('result'));
  for (const each of others) assert.equal(first.actionResults.get(each), undefined);
  first.close();
  const second = Store.open(folder.path);
  assert.deepEqual(second.actionResults.get(key), new Uint8Array(bytes('result')));
  second.actionResults.put(key, bytes('a newer one'));
  assert.deepEqual(second.actionResults.get(key), new Uint8Array(bytes('a newer one')));
  second.actionResults.remove(key);
  assert.equal(second.actionResults.get(key), undefined);
  second.close();
});
