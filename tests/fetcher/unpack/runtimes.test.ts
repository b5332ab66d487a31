import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { describe, it } from 'node:test';
import { promisify } from 'node:util';
import { ShellRig } from '../../executors/support/shell-rig.ts';
import { bzip2, xz, zstd } from '../../support/compressors.ts';
import { makeContent } from '../../support/contents.ts';
import { randomFrom } from '../../support/random.ts';
import { unpackFile } from '../support/unpack.ts';

const content = makeContent('mixed', 700_000, randomFrom(5));
const packed = { xz: xz(content), bzip2: bzip2(content), zstd: zstd(content) };

describe('unpack.wasm is an ordinary program', () => {
  it('in a runtime that knows nothing of Cab', async () => {
    const script = `
      import { readFileSync } from 'node:fs';
      import { WASI } from 'node:wasi';
      const wasi = new WASI({ version: 'preview1' });
      const module = new WebAssembly.Module(readFileSync(${JSON.stringify(unpackFile)}));
      process.exitCode = wasi.start(new WebAssembly.Instance(module, wasi.getImportObject()));`;
    const words = ['--disable-warning=ExperimentalWarning', '--input-type=module', '--eval', script];
    for (const [name, bytes] of Object.entries(packed)) {
      const running = promisify(execFile)(process.execPath, words, {
        encoding: 'buffer',
        maxBuffer: 1 << 24,
      });
      running.child.stdin?.end(bytes);
      assert.ok(content.equals((await running).stdout), name);
    }
    const broken = promisify(execFile)(process.execPath, words);
    broken.child.stdin?.end(packed.xz.subarray(0, 1000));
    await assert.rejects(broken, { code: 12, stderr: 'the compressed data is truncated\n' });
  });

  it('as a filter of another one', async () => {
    await using shell = await ShellRig.create();
    const program = shell.rig.add('unpack.wasm', await readFile(unpackFile));
    for (const [name, bytes] of Object.entries(packed)) {
      const input = shell.rig.add('packed', bytes);
      const { result, log } = await shell.run([`filter ${program} ${input} $out`], {
        inputs: [program, input],
      });
      assert.deepEqual(log, ['filter: 0'], name);
      assert.ok(result.outcome === 'finished');
      const [file] = shell.rig.store.getTree(result.outputs['out']?.tree ?? assert.fail()).files;
      assert.ok(content.equals(shell.rig.store.blobs.read(file?.digest ?? assert.fail())), name);
    }
    const cut = shell.rig.add('cut', packed.zstd.subarray(0, -1));
    const { log } = await shell.run([`filter ${program} ${cut} $out`], { inputs: [program, cut] });
    assert.deepEqual(log, ['the compressed data is truncated', 'filter: -12']);
  });
});
