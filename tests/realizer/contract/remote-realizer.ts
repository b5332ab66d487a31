import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { type TestContext, test } from 'node:test';
import {
  type DerivationParts,
  type ResolvedDerivation,
  makeDerivation,
} from '../../../src/derivations/index.ts';
import {
  type CabEvent,
  type StorePath,
  digestOf,
  hashPartOfStorePath,
} from '../../../src/foundation/index.ts';
import type {
  RealizeContext,
  RealizeRequest,
  RealizeResult,
  Realized,
  Realizer,
  RemoteOutputs,
} from '../../../src/realizer/index.ts';
import { Store, encodeDirectory } from '../../../src/store/index.ts';
import { makeTemporaryFolder, removeFolder } from '../../../scripts/temporary-folder.ts';
import { compileShell } from '../../executors/support/shell.ts';

/** Opens a realizer that runs WebAssembly and has an empty store of its own, for a process with this store; gone with the test. */
export type OpenRealizer = (test: TestContext, home: Store, name: string) => Promise<Realizer>;

const shell = compileShell();

/** What the scheduler relies on, of every kind of realizer with a store of its own. */
export function remoteRealizerContract(kind: string, open: OpenRealizer): void {
  test(`${kind}: it says what it offers, and what it lacks`, async (running) => {
    await using client = await Client.create(running, open);
    const { realizer } = client;
    assert.ok((await realizer.features()).has('wasm'));
    assert.deepEqual([...(await realizer.lacking(['wasm']))], []);
    assert.deepEqual([...(await realizer.lacking(['antigravity', 'wasm'])).keys()], ['antigravity']);
    assert.ok((await realizer.load()).capacity >= 1);
  });

  test(`${kind}: what is pushed is there with all that it refers to, and is not sent again`, async (running) => {
    await using client = await Client.create(running, open);
    const { remote, realizer, context } = client;
    const base = client.tree('base', 'base'.repeat(50_000));
    const top = client.tree('top', `on ${base}`, [base]);
    assert.equal(await realizer.has(top), false);
    const moved = await remote.push([top], context);
    assert.equal(moved.outputs, 2);
    assert.ok(moved.bytes > 0);
    assert.deepEqual([await realizer.has(top), await realizer.has(base)], [true, true]);
    assert.equal((await remote.push([top, base], context)).outputs, 0);
  });

  test(`${kind}: a build with inputs comes to what it comes to here, and is known from then on`, async (running) => {
    await using client = await Client.create(running, open);
    const { remote, realizer, context } = client;
    const input = client.tree('input', 'what is given');
    const derivation = await client.derivation({
      arguments: ['say building', 'mkdir $out', 'write $out/a made', `symlink ${input} $out/input`],
      trees: [input],
    });
    await remote.push(derivation.inputs.trees, context);
    assert.equal(await realizer.lookup({ derivation, pins: {} }), undefined);
    const first = await client.realized(derivation);
    assert.equal(first.how, 'built');
    assert.equal(first.identity, '');
    const out = first.outputs['out'] as StorePath;
    assert.deepEqual(
      first.records?.filter(({ path }) => path === out).map(({ references }) => references),
      [[input]],
    );
    assert.ok(await realizer.has(out));
    const found = await realizer.lookup({ derivation, pins: {} });
    assert.deepEqual([found?.outputs, found?.identity], [first.outputs, '']);
    assert.ok(found?.records?.some(({ path }) => path === out));
    assert.equal((await client.realized(derivation)).how, 'known');

    assert.equal(client.store.has(out), false);
    assert.equal((await remote.fetch([out], context)).outputs, 1);
    assert.deepEqual(client.store.get(out)?.references, [input]);
    const entry = client.store.lookup(out, '/a');
    assert.equal(
      entry?.kind === 'file' && Buffer.from(client.store.blobs.read(entry.digest)).toString(),
      'made',
    );
    assert.equal((await remote.fetch([out], context)).outputs, 0);
  });

  test(`${kind}: events tell of a program under the realizer's name`, async (running) => {
    await using client = await Client.create(running, open);
    const derivation = await client.derivation({ arguments: ['say one', 'say two', 'write $out x'] });
    await client.realized(derivation);
    const about = { derivation: derivation.id, name: 'example' };
    const { name } = client.realizer;
    assert.deepEqual(client.events.slice(0, 3), [
      { type: 'build-started', ...about, realizer: name },
      { type: 'build-log', ...about, line: 'one' },
      { type: 'build-log', ...about, line: 'two' },
    ]);
    const last = client.events.at(-1);
    assert.ok(last?.type === 'build-finished' && last.outcome === 'built');
  });

  test(`${kind}: a program that fails is told with the end of its log`, async (running) => {
    await using client = await Client.create(running, open);
    const derivation = await client.derivation({ arguments: ['say on my way', 'say so it ends', 'exit 7'] });
    const result = await client.realize(derivation);
    assert.ok(result.outcome === 'failed');
    assert.equal(result.diagnostic.code, 'CAB4002');
    assert.match(String(result.diagnostic.notes), /on my way\n.*so it ends/);
    assert.equal(result.program?.exitCode, 7);
    assert.equal(result.program?.lastLine, 'so it ends');
  });

  test(`${kind}: a claim that is known ends the program, and its pins come back`, async (running) => {
    await using client = await Client.create(running, open);
    const derivation = await client.derivation({
      arguments: ['claim git:1234', 'say fetching', 'write $out x'],
      fix: { kind: 'self' },
    });
    const first = await client.realized(derivation);
    assert.equal(first.how, 'built');
    assert.equal(first.pins['git'], '1234');
    client.events.length = 0;
    const second = await client.realized(derivation);
    assert.deepEqual([second.how, second.outputs, second.pins], ['known', first.outputs, first.pins]);
    assert.ok(client.events.some((event) => event.type === 'build-claimed' && event.known));
    assert.ok(!client.events.some((event) => event.type === 'build-log'));
    const found = await client.realizer.lookup({ derivation, pins: { git: '1234' } });
    assert.deepEqual(found?.outputs, first.outputs);
  });

  test(`${kind}: what is made once more comes here, and is not known by that`, async (running) => {
    await using client = await Client.create(running, open);
    const { realizer, context } = client;
    const derivation = await client.derivation({ arguments: ['random', 'write $out x'] });
    const request = { derivation, requestedAs: derivation.id, pins: {} };
    const result = await realizer.repeat(request, context);
    assert.ok(result.outcome === 'repeated', JSON.stringify(result));
    const record = result.outputs['out'];
    assert.ok(record !== undefined);
    client.store.commit({ outputs: [record] });
    assert.ok(client.store.isWhole(record.path));
    assert.equal(await realizer.lookup({ derivation, pins: {} }), undefined);
  });

  test(`${kind}: what is recorded here and damaged is brought whole`, async (running) => {
    await using client = await Client.create(running, open);
    const { remote, context } = client;
    const tree = client.tree('tree', 'what is to last');
    await remote.push([tree], context);
    client.lose(tree);
    assert.equal(client.store.isWhole(tree), false);
    const record = await remote.refetch(tree, context);
    assert.equal(record?.path, tree);
    client.store.restore(record);
    assert.ok(client.store.isWhole(tree));
    assert.equal(await remote.refetch(client.tree('other', 'nobody has it'), context), undefined);
  });

  test(`${kind}: one takes outputs from another, or says why it does not`, async (running) => {
    await using client = await Client.create(running, open);
    const other = await open(running, client.store, 'other');
    assert.ok(other.remote !== undefined);
    const tree = client.tree('tree', 'on its way');
    await client.remote.push([tree], client.context);
    const moved = await other.remote.pullFrom(client.remote, [tree], client.context);
    if ('refusal' in moved) assert.notEqual(moved.refusal, '');
    else assert.deepEqual([moved.outputs, await other.has(tree)], [1, true]);
  });

  test(`${kind}: what is given up ends with the reason`, { timeout: 30_000 }, async (running) => {
    const abort = new AbortController();
    await using client = await Client.create(running, open, abort.signal);
    const derivation = await client.derivation({
      arguments: ['say asleep', 'sleep 600000000000', 'write $out x'],
    });
    client.onEvent = ({ type }) => {
      if (type === 'build-log') abort.abort(new DOMException('enough', 'AbortError'));
    };
    await assert.rejects(client.realize(derivation), /enough/);
  });
}

/** A process with a store, and the realizer that it works with. */
class Client implements AsyncDisposable {
  readonly store: Store;
  readonly events: CabEvent[] = [];
  readonly context: RealizeContext;
  onEvent: (event: CabEvent) => void = () => {};
  readonly #folder: string;
  #realizer: Realizer | undefined;

  private constructor(folder: string, signal: AbortSignal) {
    this.#folder = folder;
    this.store = Store.open(folder);
    const emit = (event: CabEvent): void => {
      this.events.push(event);
      this.onEvent(event);
    };
    this.context = { emit, signal };
  }

  static async create(
    running: TestContext,
    open: OpenRealizer,
    signal = new AbortController().signal,
  ): Promise<Client> {
    const client = new Client(await makeTemporaryFolder(), signal);
    client.#realizer = await open(running, client.store, 'there');
    return client;
  }

  get realizer(): Realizer {
    assert.ok(this.#realizer !== undefined);
    return this.#realizer;
  }

  get remote(): RemoteOutputs {
    const { remote } = this.realizer;
    assert.ok(remote !== undefined);
    return remote;
  }

  tree(name: string, text: string, candidates: readonly StorePath[] = []): StorePath {
    const file = { name: 'text', executable: false, ...this.store.blobs.put(Buffer.from(text)) };
    const encoding = encodeDirectory({ files: [file], directories: [], symlinks: [] });
    return this.#add(name, encoding, candidates);
  }

  async derivation(
    parts: Partial<Omit<DerivationParts, 'inputs'>> & { readonly trees?: readonly StorePath[] },
  ): Promise<ResolvedDerivation> {
    const blob = this.store.blobs.put(await shell);
    const file = { name: '', executable: false, ...blob };
    const builder = this.#add(
      'shell.wasm',
      encodeDirectory({ files: [file], directories: [], symlinks: [] }),
      [],
    );
    const { trees = [], ...others } = parts;
    const derivation = makeDerivation({
      name: 'example',
      builder,
      arguments: [],
      environment: {},
      inputs: { derivations: [], trees: [builder, ...trees] },
      outputs: ['out'],
      requiredRealizerFeatures: ['wasm'],
      fix: { kind: 'none' },
      ...others,
    });
    await this.remote.push([builder], this.context);
    return derivation as ResolvedDerivation;
  }

  realize(derivation: ResolvedDerivation, pins: RealizeRequest['pins'] = {}): Promise<RealizeResult> {
    return this.realizer.realize({ derivation, requestedAs: derivation.id, pins }, this.context);
  }

  async realized(derivation: ResolvedDerivation): Promise<Realized> {
    const result = await this.realize(derivation);
    assert.ok(result.outcome === 'realized', JSON.stringify(result));
    return result;
  }

  /** Loses the content of a tree's one file. */
  lose(tree: StorePath): void {
    const entry = this.store.lookup(tree, '/text');
    assert.ok(entry?.kind === 'file');
    rmSync(this.store.blobs.pathOf(entry.digest, entry.executable));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.store.close();
    await removeFolder(this.#folder);
  }

  #add(name: string, encoding: Uint8Array, candidates: readonly StorePath[]): StorePath {
    const references = new Set(candidates.map(hashPartOfStorePath));
    const record = this.store.addTree({
      root: digestOf(encoding),
      encodings: [encoding],
      name,
      references,
      candidates,
    });
    this.store.commit({ outputs: [record] });
    return record.path;
  }
}
