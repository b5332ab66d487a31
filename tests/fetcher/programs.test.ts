import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { compileProgram, pathOfProgram, programs } from '../../scripts/programs.ts';

const SIZE_LIMIT_BYTES = 42 * 1024;

for (const program of programs) {
  test(`${program.name}.wasm comes out the same each time, and as it was built`, async () => {
    const first = await compileProgram(program);
    const second = await compileProgram(program);
    assert.deepEqual(Buffer.from(first), Buffer.from(second));
    assert.deepEqual(Buffer.from(first), await readFile(pathOfProgram(program)));
  });

  test(`${program.name}.wasm imports only what every realizer offers`, async () => {
    const module = await WebAssembly.compile(await readFile(pathOfProgram(program)));
    const modules = new Set(WebAssembly.Module.imports(module).map((entry) => entry.module));
    const own = program.name === 'unpack' ? [] : ['cab'];
    assert.deepEqual([...modules].toSorted(), [...own, 'wasi_snapshot_preview1']);
  });

  test(`${program.name}.wasm exports its entry and its memory`, async () => {
    const module = await WebAssembly.compile(await readFile(pathOfProgram(program)));
    const exports = WebAssembly.Module.exports(module).map((entry) => entry.name);
    assert.deepEqual(exports.toSorted(), ['_start', 'memory']);
  });

  test(`${program.name}.wasm holds none of the objects that AssemblyScript makes of texts`, async () => {
    const binary = (await readFile(pathOfProgram(program))).toString('latin1');
    // A few texts of one letter may stand side by side. The binary itself is nothing to print.
    assert.ok(!/(?:[a-z ]\0){10}/.test(binary));
  });

  test(`${program.name}.wasm is small enough to be looked at`, async () => {
    assert.ok((await readFile(pathOfProgram(program))).length < SIZE_LIMIT_BYTES);
  });
}
