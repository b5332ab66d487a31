/** The compilers of this machine that make programs for WASI preview 1, where there are any. */
import { spawnSync } from 'node:child_process';
import { existsSync, globSync } from 'node:fs';

const linker = 'wasm-ld';

/** A command and the words that every call of it begins with. */
export interface WasiCompiler {
  readonly command: string;
  readonly words: readonly string[];
}

/** Debian's clang with its linker, its run-time library and wasi-libc, or those of a WASI SDK that `WASI_SDK_PATH` names. */
export function findC(): WasiCompiler | undefined {
  const sdk = process.env['WASI_SDK_PATH'];
  if (sdk !== undefined && existsSync(`${sdk}/bin/clang`)) return { command: `${sdk}/bin/clang`, words: [] };
  const compiler = { command: 'clang', words: ['--target=wasm32-wasi', '--sysroot=/usr'] };
  const asked = spawnSync(compiler.command, [...compiler.words, '-print-libgcc-file-name'], {
    encoding: 'utf8',
  });
  const isWhole =
    asked.status === 0 &&
    existsSync(asked.stdout.trim()) &&
    existsSync('/usr/lib/wasm32-wasi/libc.a') &&
    spawnSync(linker, ['--version']).status === 0;
  return isWhole ? compiler : undefined;
}

/** A Rust compiler that has the standard library of the target, be it the first one on the path or the system's own. */
export function findRust(): WasiCompiler | undefined {
  for (const command of ['rustc', '/usr/bin/rustc']) {
    for (const target of ['wasm32-wasip1', 'wasm32-wasi']) {
      const words = ['--target', target];
      const asked = spawnSync(command, [...words, '--print', 'target-libdir'], { encoding: 'utf8' });
      if (asked.status === 0 && globSync(`${asked.stdout.trim()}/libstd-*.rlib`).length > 0)
        return { command, words };
    }
  }
  return undefined;
}
