import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { StorePath } from '../../src/foundation/index.ts';
import type { Run } from './support/rig.ts';
import { type ShellOptions, ShellRig } from './support/shell-rig.ts';
import { compile, compileFilter } from './support/shell.ts';

const filter = compileFilter();

/** A shell among whose inputs a filter is, called `%` in its commands. */
class FilterRig implements AsyncDisposable {
  readonly shell: ShellRig;
  readonly #path: StorePath;

  private constructor(shell: ShellRig, path: StorePath) {
    this.shell = shell;
    this.#path = path;
  }

  static async create(): Promise<FilterRig> {
    const shell = await ShellRig.create({ cores: 1 });
    return new FilterRig(shell, shell.rig.add('filter.wasm', await filter));
  }

  run(commands: readonly string[], options: ShellOptions = {}): Promise<Run> {
    const named = commands.map((command) => command.replace('%', this.#path));
    return this.shell.run(named, { ...options, inputs: [this.#path] });
  }

  async logOf(commands: readonly string[]): Promise<readonly string[]> {
    return (await this.run([...commands, 'write $out done'])).log;
  }

  /** What the filter makes of a text, piece by piece. */
  async filter(text: string, pieceLength: number): Promise<string> {
    const { result, log } = await this.run([`write in ${text}`, `filter % in $out ${pieceLength}`]);
    assert.deepEqual(log, ['filter: 0']);
    return this.shell.rig.contents(result)['']?.slice('file:'.length) ?? '';
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.shell[Symbol.asyncDispose]();
  }
}

describe('a filter', () => {
  it('passes on what it makes of its input, in pieces of whatever size', async () => {
    await using rig = await FilterRig.create();
    for (const pieceLength of [1, 7, 65_536]) {
      assert.equal(await rig.filter('chello', pieceLength), 'hello');
      assert.equal(await rig.filter('dab', pieceLength), `${'a'.repeat(16)}${'b'.repeat(16)}`);
    }
    const large = 'xyz'.repeat(10_000);
    const sixteen = [...large].map((letter) => letter.repeat(16)).join('');
    assert.equal(await rig.filter(`d${large}`, 65_536), sixteen);
    assert.equal(await rig.filter('c', 1), '');
  });

  it('reads more than its pipe holds, and writes more than that', async () => {
    await using rig = await FilterRig.create();
    const { result, log } = await rig.run([
      'fill in 3000000',
      'patch in 0 d',
      'filter % in $out',
      'unlink in',
    ]);
    assert.deepEqual(log, ['filter: 0']);
    assert.ok(result.outcome === 'finished');
    const [file] = rig.shell.rig.store.getTree(result.outputs['out']?.tree ?? assert.fail()).files;
    assert.equal(file?.size, 16 * (3_000_000 - 1));
  });

  it('takes no more than its pipe holds before anything is read', async () => {
    await using rig = await FilterRig.create();
    const log = await rig.logOf([
      'filter-open %',
      'filter-read 0',
      'filter-write 0 cabc',
      'filter-fill 0',
      'filter-read 0',
    ]);
    const a = 'a'.repeat(61);
    assert.deepEqual(log, [
      'filter-open: 0',
      'filter-read: 0',
      'filter-write: 4',
      `filter-fill: ${256 * 1024 - 4} 0`,
      `filter-read: 64 abc${a}`,
    ]);
  });

  it('sees no files, no environment and no clock', async () => {
    await using rig = await FilterRig.create();
    assert.equal(await rig.filter('o', 10), `10${'00'.repeat(8)}1`);
    assert.equal(await rig.filter('r', 10), await rig.filter('r', 10));
  });

  it('has as much memory as a filter may have, and no more', async () => {
    await using rig = await FilterRig.create();
    assert.equal(await rig.filter('m', 10), '10');
  });

  it('that ends with a code is heard of by that code', async () => {
    await using rig = await FilterRig.create();
    const name = /^the filter '.*-filter\.wasm' /;
    const cases: [string, string, RegExp][] = [
      ['e', '-12', /^what is wrong$/],
      ['x', '-3', /ended with exit code 3$/],
      ['y', '-260', /ended with exit code 300$/],
      ['t', '-260', /ended by a trap: unreachable$/],
      ['q', '-260', /ended before its input did$/],
      ['', '-9', /ended with exit code 9$/],
    ];
    for (const [input, answer, reason] of cases) {
      const log = await rig.logOf([`write in ${input}`, 'filter % in seen', 'read seen']);
      assert.match(log[0] as string, reason);
      if (input !== 'e') assert.match(log[0] as string, name);
      assert.equal(log[1], `filter: ${answer}`, input);
      assert.equal(log[2], input === 'x' || input === 't' ? 'read: so far' : 'read: ', input);
    }
  });

  it('that has failed takes no more, and can be closed', async () => {
    await using rig = await FilterRig.create();
    const log = await rig.logOf([
      'filter-open %',
      'filter-write 0 e',
      'filter-read 0',
      'filter-write 0 more',
      'filter-write 0 ',
      'filter-close 0',
      'filter-read 0',
    ]);
    assert.deepEqual(log, [
      'filter-open: 0',
      'filter-write: 1',
      'what is wrong',
      'filter-read: -12',
      'filter-write: -12',
      'filter-write: -12',
      'filter-read: -256',
    ]);
  });

  it('that cannot be run is refused with a reason', async () => {
    await using rig = await FilterRig.create();
    const { rig: store } = rig.shell;
    const asks = await compile('@external("cab", "response_close") declare function f(i: i32): void; f(0);');
    const misfit = store.add('asks.wasm', asks);
    const text = store.add('text', Buffer.from('plain text'));
    const paths = [misfit, text, '/cab/store', '/nowhere'];
    const { log } = await rig.shell.run(
      paths.map((path) => `filter-open ${path}`),
      {
        inputs: [misfit, text],
      },
    );
    assert.match(log[0] as string, /cannot be run: it imports what the realizer does not have: cab\.resp/);
    assert.match(log[2] as string, /cannot be run: it is not a WebAssembly module$/);
    const answers = log.filter((line) => line.startsWith('filter-open'));
    assert.deepEqual(
      answers,
      [-258, -258, -257, -257].map((number) => `filter-open: ${number}`),
    );
  });

  it('may be one of few that are open at one time, and of many one after another', async () => {
    await using rig = await FilterRig.create();
    const four = Array.from({ length: 4 }, () => 'filter-open %');
    const log = await rig.logOf([...four, 'filter-open %', 'filter-close 2', 'filter-open %']);
    assert.deepEqual(
      log,
      [0, 1, 2, 3, -259, 4].map((number) => `filter-open: ${number}`),
    );
    const many = Array.from({ length: 50 }, () => ['filter-open %', 'filter-write 0 s']).flat();
    const closing = many.flatMap((command, index) =>
      index % 2 === 0
        ? [command]
        : [command.replace('0', `${(index - 1) / 2}`), `filter-close ${(index - 1) / 2}`],
    );
    const opened = (await rig.logOf(closing)).filter((line) => line.startsWith('filter-open'));
    assert.equal(opened.at(-1), 'filter-open: 49');
  });

  it('may be a file that the program has made', async () => {
    await using rig = await FilterRig.create();
    const log = await rig.logOf([
      'link % copy.wasm',
      'write in chello',
      'filter copy.wasm in seen',
      'read seen',
    ]);
    assert.deepEqual(log, ['filter: 0', 'read: hello']);
  });
});

describe('filters end with the program that opened them', { timeout: 60_000 }, () => {
  for (const mode of ['s', 'f', 'w', 'c']) {
    it(`where it ends by itself, whatever they do (${mode})`, async () => {
      await using rig = await FilterRig.create();
      const { result } = await rig.run(['filter-open %', `filter-write 0 ${mode}`, 'write $out x']);
      assert.equal(result.outcome, 'finished');
      const failed = await rig.run(['filter-open %', `filter-write 0 ${mode}`, 'trap']);
      assert.deepEqual(failed.result, { outcome: 'failed', reason: 'trap: unreachable' });
      assert.deepEqual(await rig.logOf(['say on']), ['on']);
    });
  }

  for (const mode of ['l', 's', 'w']) {
    it(`where it is abandoned while it waits for them (${mode})`, async () => {
      await using rig = await FilterRig.create();
      const abort = new AbortController();
      const started = Promise.withResolvers<void>();
      const waiting = rig.run(['filter-open %', `filter-write 0 ${mode}`, 'say x', 'filter-read 0'], {
        signal: abort.signal,
        onLog: (line) => (line === 'x' ? started.resolve() : undefined),
      });
      await started.promise;
      abort.abort(new Error('cancelled'));
      await assert.rejects(waiting, /cancelled/);
      assert.deepEqual(await rig.logOf(['say on']), ['on']);
    });
  }

  it('where a claim of it is known', async () => {
    await using rig = await FilterRig.create();
    const commands = ['filter-open %', 'filter-write 0 s', 'claim git:known', 'filter-read 0'];
    const { result } = await rig.run(commands, { fix: { kind: 'self' }, onClaim: () => 'stop' });
    assert.deepEqual(result, { outcome: 'stopped' });
    assert.deepEqual(await rig.logOf(['say on']), ['on']);
  });

  it('while others in its worker get their turn', async () => {
    await using rig = await FilterRig.create();
    const abort = new AbortController();
    const started = Promise.withResolvers<void>();
    const busy = rig.run(['write in f', 'say x', 'filter % in $out'], {
      fix: { kind: 'self' },
      signal: abort.signal,
      onLog: () => started.resolve(),
    });
    await started.promise;
    const { result } = await rig.shell.run(['sleep 1', 'write $out x'], { fix: { kind: 'self' } });
    assert.equal(result.outcome, 'finished');
    abort.abort(new Error('cancelled'));
    await assert.rejects(busy, /cancelled/);
  });
});
