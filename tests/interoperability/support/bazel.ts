import { spawnSync } from 'node:child_process';
import { cp, mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import { makeTemporaryFolder, removeFolder, startCommand } from '../../support/index.ts';
import { findForky, findHere, type Installation } from './installations.ts';

/** A Bazel that this machine has. */
export interface BazelInstallation extends Installation {
  readonly version: string;
  /** Options of every command with which it needs nothing of the network. */
  readonly offline: readonly string[];
}

const folder = fileURLToPath(new URL('../bazel/', import.meta.url));

/** Repositories that a Bazel would download, and where they lie in Debian or here. */
function override(places: Readonly<Record<string, string>>): readonly string[] {
  return Object.entries(places).map(([name, place]) => `--override_repository=${name}=${place}`);
}

const bazel4 = override({
  rules_cc: path.join(folder, 'rules_cc'),
  remote_coverage_tools: path.join(folder, 'coverage_tools'),
  rules_java: '/usr/share/bazel/rules/java',
  rules_proto: '/usr/share/bazel/rules/proto',
});

const bazel7 = [
  '--noenable_bzlmod',
  '--enable_workspace',
  ...override({
    rules_cc: '/usr/share/bazel/rules/cc',
    rules_java: '/usr/share/bazel/rules/java',
    rules_proto: '/usr/share/bazel/rules/proto',
    rules_python: '/usr/share/bazel/rules/python',
    rules_license: '/usr/share/bazel/rules/license',
    bazel_features: '/usr/share/bazel/tools/features',
    bazel_skylib: '/usr/share/bazel/tools/skylib',
  }),
];

/** Debian 12's Bazel, in the system itself. */
export function findBazel4(): BazelInstallation | undefined {
  const installation = findHere('bazel');
  const version = installation === undefined ? undefined : packageVersion();
  if (installation === undefined || version?.startsWith('4.') !== true) return undefined;
  return { ...installation, version, offline: bazel4 };
}

/** Debian forky's Bazel, unpacked. */
export function findBazel7(): BazelInstallation | undefined {
  const installation = findForky('bazel');
  return installation === undefined ? undefined : { ...installation, version: '7.7.1', offline: bazel7 };
}

/** As in `4.2.3`; Debian's Bazel 4 does not tell its version itself. */
function packageVersion(): string | undefined {
  const { stdout } = spawnSync('dpkg-query', ['-W', '-f', '${Version}', 'bazel-bootstrap'], {
    encoding: 'utf8',
  });
  return /^[0-9.]+/.exec(stdout ?? '')?.[0];
}

/** How a command of Bazel ended. */
export interface BazelRun {
  readonly code: number | null;
  /** All that it said. */
  readonly output: string;
  /** How many actions went which way, as its summary tells: `remote`, `remote cache hit`, `internal` and others. */
  readonly processes: ReadonlyMap<string, number>;
}

/** One person's project, with Bazel's own folders beside it. */
export class BazelProject {
  readonly #installation: BazelInstallation;
  readonly #folder: string;
  readonly #startup: readonly string[];

  constructor(installation: BazelInstallation, folder: string, startup: readonly string[]) {
    this.#installation = installation;
    this.#folder = folder;
    this.#startup = startup;
  }

  get folder(): string {
    return path.join(this.#folder, 'project');
  }

  /** A file that a build has made. */
  made(name: string): string {
    return path.join(this.folder, 'bazel-bin', name);
  }

  /** Runs a command such as `build`; without a daemon, which would outlive the test. */
  async run(command: string, ...words: string[]): Promise<BazelRun> {
    const startup = [
      '--batch',
      '--noworkspace_rc',
      '--nohome_rc',
      `--output_user_root=${this.#folder}/bazel`,
    ];
    const inProject = ['sh', '-c', 'cd "$0" && exec "$@"', this.folder];
    const bazel = ['bazel', ...startup, ...this.#startup, command, ...this.#installation.offline, ...words];
    const [program = '', ...rest] = this.#installation.command(this.#folder, [...inProject, ...bazel]);
    const { code, stdout, stderr } = await startCommand(program, rest, {
      folder: this.folder,
      environment: { PATH: '/usr/bin:/bin', HOME: this.#folder },
    }).ended;
    const output = `${stdout}${stderr}`;
    return { code, output, processes: readProcesses(output) };
  }
}

/** Options with which all actions run elsewhere, by the compiler that is there. */
export const remotely = [
  '--spawn_strategy=remote',
  '--incompatible_enable_cc_toolchain_resolution',
  '--extra_toolchains=//toolchain:gcc',
  '--repo_env=BAZEL_DO_NOT_DETECT_CPP_TOOLCHAIN=1',
];

/** Makes a project of the files in `bazel/project` that the test's end clears away. */
export async function makeBazelProject(
  test: TestContext,
  installation: BazelInstallation,
  { workspace = '', startup = [] as readonly string[] } = {},
): Promise<BazelProject> {
  const own = await makeTemporaryFolder();
  test.after(() => removeFolder(own));
  await mkdir(path.join(own, 'bazel'));
  await cp(path.join(folder, 'project'), path.join(own, 'project'), { recursive: true });
  await writeFile(path.join(own, 'project', 'WORKSPACE'), workspace);
  return new BazelProject(installation, own, startup);
}

/** Reads the line such as `INFO: 17 processes: 9 remote cache hit, 8 internal.` */
function readProcesses(output: string): ReadonlyMap<string, number> {
  const [, list = ''] = /^INFO: \d+ process(?:es)?: (.+)\.$/m.exec(output) ?? [];
  const parts = [...list.matchAll(/(\d+) ([^,]+)/g)];
  return new Map(parts.map(([, count, kind]) => [kind as string, Number(count)]));
}
