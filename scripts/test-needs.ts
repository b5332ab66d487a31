/** Tells which test files cannot run on this machine for want of a program, so that they skip with a word on it. */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { findC, findRust } from './wasi-compilers.ts';

interface Need {
  /** What is missing, as a message names it. */
  readonly program: string;
  /** Debian's packages, where they are named otherwise. */
  readonly packages?: string;
  /** Whether it is there; by default, whether there is a command of that name. */
  readonly isInstalled?: () => boolean;
  /** What a test file's text has in it if the program is needed. */
  readonly sign: RegExp;
  /** Whether the text of a file that it imports from `tests/` counts too. */
  readonly inImports: boolean;
}

const needs: readonly Need[] = [
  { program: 'git', sign: /\b(?:spawn|spawnSync|execFile|execFileSync)\('git'/, inImports: true },
  { program: 'xz', packages: 'xz-utils', sign: /\bspawnSync\('xz'/, inImports: true },
  { program: 'bzip2', sign: /\bspawnSync\('bzip2'/, inImports: true },
  { program: 'zstd', sign: /\bspawnSync\('zstd'/, inImports: true },
  { program: 'python3', sign: /\bspawnSync\('python3'/, inImports: false },
  { program: 'script', packages: 'bsdutils', sign: /\brig\.terminal\(/, inImports: false },
  {
    program: 'nix-instantiate',
    packages: 'nix-bin',
    sign: /\bspawnSync\('nix-instantiate'/,
    inImports: false,
  },
  { program: 'openssl', sign: /\bmakeCertificates\(/, inImports: false },
  {
    program: 'tree-sitter of version 0.25 or later',
    packages: 'tree-sitter-cli',
    isInstalled: () => hasTreeSitter(),
    sign: /\bspawnSync\('tree-sitter'/,
    inImports: false,
  },
  {
    program: 'a C compiler for WebAssembly',
    packages: 'clang lld wasi-libc libclang-rt-dev-wasm32',
    isInstalled: () => findC() !== undefined,
    sign: /\bcompileC\(/,
    inImports: false,
  },
  {
    program: 'a Rust compiler for WebAssembly',
    packages: 'rustc libstd-rust-dev-wasm32 lld',
    isInstalled: () => findRust() !== undefined,
    sign: /\bcompileRust\(/,
    inImports: false,
  },
];

/** Why the tests of a file skip, or undefined where they can run. */
export function reasonToSkip(file: string): string | undefined {
  const [own = '', ...imported] = textsOf(path.resolve(file), new Set());
  const missing = needs.filter((need) => {
    const { sign, inImports } = need;
    const needed = sign.test(own) || (inImports && imported.some((text) => sign.test(text)));
    return needed && !isInstalled(need);
  });
  if (missing.length === 0) return undefined;
  const names = missing.map(({ program }) => program).join(' and ');
  return `${names} not installed: apt-get install ${missing.map(({ program, packages }) => packages ?? program).join(' ')}`;
}

/** How many tests a file declares, as far as its text tells. */
export function countTests(file: string): number {
  return readFileSync(file, 'utf8').match(/^\s*(?:test|it)\(/gm)?.length ?? 0;
}

/** The texts of a file and of all that it imports by a relative path. */
function textsOf(file: string, seen: Set<string>): readonly string[] {
  if (seen.has(file)) return [];
  seen.add(file);
  const text = readFileSync(file, 'utf8');
  const imports = [...text.matchAll(/from '(\.[^']+)'/g)].map((match) => match[1] as string);
  const inner = imports
    .map((name) => path.resolve(path.dirname(file), name))
    .filter((name) => name.includes(`${path.sep}tests${path.sep}`));
  return [text, ...inner.flatMap((name) => textsOf(name, seen))];
}

const installed = new Map<string, boolean>();

function isInstalled({ program, isInstalled: ask = () => isCommand(program) }: Need): boolean {
  const known = installed.get(program) ?? ask();
  installed.set(program, known);
  return known;
}

/** Whether the tool is there, and new enough to read a grammar that is an ES module. */
function hasTreeSitter(): boolean {
  const { stdout } = spawnSync('tree-sitter', ['--version'], { encoding: 'utf8' });
  const [, major, minor] = /(\d+)\.(\d+)/.exec(stdout ?? '') ?? [];
  return Number(major) > 0 || Number(minor) >= 25;
}

function isCommand(name: string): boolean {
  return spawnSync('sh', ['-c', `command -v ${name}`]).status === 0;
}
