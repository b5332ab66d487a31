import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Place } from '../place.ts';
import type { Report } from '../report.ts';
import { noise } from './content.ts';
import type { Scenario } from './scenario.ts';

const cab = fileURLToPath(new URL('../../../bin/cab', import.meta.url));

/** A run of the built command in a project. */
export function commandScenario({
  name,
  words,
  ...rest
}: Pick<Scenario, 'name' | 'prepare'> &
  Partial<Scenario> & { readonly words: () => readonly string[] }): Scenario {
  return {
    name,
    words: () => [cab, ...words()],
    watched: ({ store, work }) => [store, work],
    environment: ({ folder, store }) => ({ CAB_STORE: store, CAB_CONFIG: path.join(folder, 'cab.toml') }),
    reportsIn: ({ stdout, stderr }) => [...builtIn(stderr), ...outputsIn(stdout)],
    // What was built once is not built again.
    lasting: ({ kind }) => kind !== 'built',
    ...rest,
  };
}

/** Runs the command unharmed, as a part of what a scenario begins with. */
export function cabNow({ folder, store, work }: Place, ...words: readonly string[]): string {
  return execFileSync(cab, words, {
    cwd: work,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      PATH: process.env['PATH'],
      HOME: path.join(folder, 'home'),
      CAB_STORE: store,
      CAB_CONFIG: path.join(folder, 'cab.toml'),
    },
  });
}

/** The derivations that events say to be built. */
function builtIn(stderr: string): readonly Report[] {
  const events = stderr
    .split('\n')
    .filter((line) => line.startsWith('{') && line.endsWith('}'))
    .map((line) => JSON.parse(line) as Readonly<Record<string, string>>);
  return events
    .filter(({ type, outcome }) => type === 'build-finished' && outcome === 'built')
    .map(({ derivation = '' }) => ({ kind: 'built', derivation }));
}

interface Built {
  readonly outputs: Readonly<Record<string, { readonly path: string }>>;
}

function outputsIn(stdout: string): readonly Report[] {
  if (!stdout.endsWith(']\n')) return [];
  const results = JSON.parse(stdout) as readonly Built[];
  return results
    .flatMap(({ outputs }) => Object.values(outputs))
    .map((output) => ({ kind: 'materialised', path: `/cab/store/${path.basename(output.path)}` }));
}

const system = process.arch === 'arm64' ? 'aarch64-linux' : 'x86_64-linux';

/** A page from a local tree by WebAssembly, and from that, where there is a sandbox, something native that knows its own path. */
const project = (native: boolean): string => `let
  packages = import <cab:packages> { system = "${system}", },
  page = packages.substitute { name = "page", source = ./source, values = { WHO = "world", }, },
  joined = packages.run {
    name = "joined",
    environment = { page, },
    script = "mkdir -p $out/bin; cp -r $page $out/page; echo $out > $out/self; ln -s ../self $out/bin/self; echo said",
  },
in ${native ? 'joined' : 'page'}
`;

export function writeProject({ work }: Place): void {
  mkdirSync(path.join(work, 'source', 'deep'), { recursive: true });
  writeFileSync(path.join(work, 'source', 'greeting.txt'), 'hello @WHO@\n');
  writeFileSync(path.join(work, 'source', 'deep', 'large'), noise('project', 1_200_000));
  writeFileSync(path.join(work, 'default.cab'), project(hasSandbox()));
}

let sandbox: boolean | undefined;

export function hasSandbox(): boolean {
  sandbox ??= spawnSync('bwrap', ['--unshare-user', '--ro-bind', '/', '/', 'true']).status === 0;
  return sandbox;
}

/** `cab build` of a project that has never been built. */
export const build = commandScenario({
  name: 'build',
  words: () => ['build', '--json', '--log-format=json'],
  prepare: writeProject,
});
