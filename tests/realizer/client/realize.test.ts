import assert from 'node:assert/strict';
import test from 'node:test';
import {
  EmbeddedRealizer,
  RealizerUnavailable,
  type Outputs,
  type RealizeResult,
  executorLoaders,
} from '../../../src/realizer/index.ts';
import type { ServerEvent } from '../../../src/realizer/server/index.ts';
import type { StorePath } from '../../../src/foundation/index.ts';
import { readConfiguration } from '../../../src/workspace/configuration.ts';
import { reasonToSkip } from '../../end-to-end/native-builds.ts';
import { type TestRealizer, withRealizer } from '../../support/realizer.ts';
import { shell, watch } from './programs.ts';
import { quiet, withRemote, withStore } from './remote-realizer.ts';

const skip = reasonToSkip();

function outputsOf(result: RealizeResult): Outputs {
  assert.equal(result.outcome, 'realized', JSON.stringify(result));
  return (result as RealizeResult & { outcome: 'realized' }).outputs;
}

test(
  'what is built elsewhere is told of as if it were built here, and is known there',
  { skip },
  async (context) => {
    const server = await withRealizer(context);
    const here = withStore(context);
    const remote = withRemote(context, server.configuration(), here);
    const request = shell('greeting', 'echo one; echo two; echo hello > $out');
    const { id } = request.derivation;
    assert.equal(await remote.lookup(request), undefined);
    const watched = watch();
    const outputs = outputsOf(await remote.realize(request, watched));
    const told = watched.events.map((event) => ({ ...event, durationMs: 0 }));
    const base = { derivation: id, name: 'greeting', durationMs: 0 };
    assert.deepEqual(told, [
      { type: 'build-started', ...base, realizer: 'workshop' },
      { type: 'build-log', ...base, line: 'one' },
      { type: 'build-log', ...base, line: 'two' },
      { type: 'build-finished', ...base, outcome: 'built' },
    ]);
    assert.equal(here.logs.read(id), 'one\ntwo\n');
    const path = outputs['out'] as StorePath;
    assert.equal(await remote.has(path), true);
    assert.equal(here.has(path), false);
    assert.deepEqual((await remote.lookup(request))?.outputs, outputs);
    const again = watch();
    assert.deepEqual(outputsOf(await remote.realize(request, again)), outputs);
    assert.deepEqual(again.events, []);
  },
);

test(
  'an input that was made there goes into what is built next, and need not come here',
  { skip },
  async (context) => {
    const server = await withRealizer(context);
    const here = withStore(context);
    const remote = withRemote(context, server.configuration(), here);
    const file = outputsOf(await remote.realize(shell('file', 'echo file > $out'), quiet))[
      'out'
    ] as StorePath;
    const folder = outputsOf(
      await remote.realize(shell('folder', 'mkdir $out; echo in > $out/in; ln -s in $out/link'), quiet),
    )['out'] as StorePath;
    const link = outputsOf(await remote.realize(shell('link', `ln -s ${file} $out`), quiet))[
      'out'
    ] as StorePath;
    const script = `cat ${file} ${folder}/link ${link} > $out`;
    const all = outputsOf(await remote.realize(shell('all', script, [file, folder, link]), quiet))['out'];
    await remote.remote.fetch([all as StorePath], quiet);
    const entry = here.lookup(all as StorePath, '/');
    assert.ok(entry?.kind === 'file');
    assert.equal(Buffer.from(here.blobs.read(entry.digest)).toString(), 'file\nin\nfile\n');
    assert.equal(here.has(folder), false);
  },
);

test('a failure elsewhere is the failure that it would be here', { skip }, async (context) => {
  const server = await withRealizer(context);
  const here = withStore(context);
  const remote = withRemote(context, server.configuration(), here);
  const beside = withStore(context);
  const configuration = readConfiguration({
    file: '/nowhere',
    extraAuthorities: undefined,
    warn: () => undefined,
  });
  const embedded = new EmbeddedRealizer(beside, executorLoaders(beside, configuration), configuration);
  context.after(() => embedded.close());
  for (const script of ['echo one; echo two; exit 7', 'echo three >&2; exit 8', 'true', 'kill -9 $$']) {
    const request = shell('failing', script);
    const failure = await remote.realize(request, watch());
    assert.deepEqual(failure, await embedded.realize(request, watch()), script);
    assert.equal(here.logs.read(request.derivation.id), beside.logs.read(request.derivation.id));
  }
});

test(
  'a connection that is cut while a program runs is made again, and nothing is told twice',
  { skip },
  async (context) => {
    const server = await withRealizer(context);
    const here = withStore(context);
    const remote = withRemote(context, server.configuration(), here);
    const script = 'echo one; sleep 0.4; echo two; sleep 0.4; echo three; echo x > $out';
    const request = shell('long', script);
    const watched = watch({ line: 'one', act: () => server.barrier.cut() });
    outputsOf(await remote.realize(request, watched));
    assert.deepEqual(watched.lines(), ['one', 'two', 'three']);
    assert.equal(here.logs.read(request.derivation.id), 'one\ntwo\nthree\n');
  },
);

test(
  'a realizer that was started again while a program ran is asked for it anew',
  { skip },
  async (context) => {
    const server = await withRealizer(context);
    const here = withStore(context);
    const remote = withRemote(context, server.configuration(), here);
    let restarted: Promise<void> | undefined;
    const act = (): void => void (restarted = server.stop().then(() => server.startAgain()));
    const request = shell('restarted', 'echo one; sleep 0.5; echo two; echo x > $out');
    const watched = watch({ line: 'one', act });
    outputsOf(await remote.realize(request, watched));
    await restarted;
    assert.deepEqual(watched.lines(), ['one', 'one', 'two']);
    const lost = watched.events.filter(({ type }) => type === 'realizer-lost');
    assert.equal(lost.length, 1, 'that it is waited for is told once');
    assert.equal(here.logs.read(request.derivation.id), 'one\ntwo\n');
  },
);

test('who gives a build up has it ended there', { skip }, async (context) => {
  const ended = Promise.withResolvers<ServerEvent>();
  const server = await withRealizer(context, {
    observe: (event) => void (event.type === 'action-ended' && ended.resolve(event)),
  });
  const remote = withRemote(context, server.configuration(), withStore(context));
  const controller = new AbortController();
  const watched = watch({ line: 'one', act: () => controller.abort() });
  const request = shell('given-up', 'echo one; sleep 600; echo x > $out');
  await assert.rejects(remote.realize(request, { ...watched, signal: controller.signal }), {
    name: 'AbortError',
  });
  const event = await ended.promise;
  assert.ok(event.type === 'action-ended' && event.outcome === 'cancelled', JSON.stringify(event));
  assert.equal(watched.events.at(-1)?.type, 'build-finished');
});

test('an input that is there no more is sent again where it is here', { skip }, async (context) => {
  const server: TestRealizer = await withRealizer(context);
  const here = withStore(context);
  const remote = withRemote(context, server.configuration(), here);
  const input = outputsOf(await remote.realize(shell('input', 'echo input > $out'), quiet))[
    'out'
  ] as StorePath;
  await remote.remote.fetch([input], quiet);
  await server.stop();
  await server.loseStore();
  await server.startAgain();
  const dependent = shell('dependent', `cat ${input} > $out`, [input]);
  outputsOf(await remote.realize(dependent, quiet));
  assert.equal(server.store.has(input), true);
});

test('what is made once more comes here, and is recorded nowhere', { skip }, async (context) => {
  const server = await withRealizer(context);
  const here = withStore(context);
  const remote = withRemote(context, server.configuration(), here);
  const request = shell('random', 'mkdir $out; head -c 16 /dev/urandom > $out/random');
  const before = outputsOf(await remote.realize(request, quiet))['out'];
  const repeated = await remote.repeat(request, quiet);
  assert.ok(repeated.outcome === 'repeated');
  const record = repeated.outputs['out'];
  assert.ok(record !== undefined && record.path !== before);
  assert.equal(here.has(record.path), false);
  here.commit({ outputs: [record] });
  assert.equal(here.isWhole(record.path), true);
  assert.deepEqual((await remote.lookup(request))?.outputs, { out: before });
});

test(
  'what is asked in one turn goes in one call, and what belongs to an action along with it',
  { skip },
  async (context) => {
    const calls: string[] = [];
    const server = await withRealizer(context, {
      observe: (event) => void (event.type === 'call-ended' && calls.push(event.rpc)),
    });
    const remote = withRemote(context, server.configuration(), withStore(context));
    const requests = Array.from({ length: 30 }, (_, index) => shell(`many-${index}`, `echo ${index} > $out`));
    await Promise.all(requests.map((request) => remote.lookup(request)));
    const results = await Promise.all(requests.map((request) => remote.realize(request, quiet)));
    await Promise.all(results.map((result) => remote.has(outputsOf(result)['out'] as StorePath)));
    const count = (rpc: string): number => calls.filter((call) => call === rpc).length;
    assert.equal(count('Realizer/LookUp'), 1);
    assert.equal(count('ContentAddressableStorage/BatchUpdateBlobs'), 0);
    assert.equal(count('ContentAddressableStorage/BatchReadBlobs'), 0);
    assert.equal(count('Realizer/FindOutputs'), 0);
  },
);

test(
  'what runs on a realizer that is about to end is finished, and nothing new is begun',
  { skip },
  async (context) => {
    const server = await withRealizer(context);
    const remote = withRemote(context, server.configuration(), withStore(context));
    let drained: Promise<void> | undefined;
    const refused = Promise.withResolvers<unknown>();
    const act = (): void => {
      drained = server.drain();
      const late = withRemote(context, server.configuration(), withStore(context));
      late.realize(shell('late', 'echo late > $out'), quiet).then(refused.reject, refused.resolve);
    };
    const script = 'echo one; sleep 0.5; echo x > $out';
    outputsOf(await remote.realize(shell('running', script), watch({ line: 'one', act })));
    const error = await refused.promise;
    assert.ok(error instanceof RealizerUnavailable, String(error));
    assert.equal(error.reason, 'draining');
    assert.equal(error.diagnostic.code, 'CAB4044');
    await drained;
  },
);
