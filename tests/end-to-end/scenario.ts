import assert from 'node:assert/strict';
import { realpath } from 'node:fs/promises';
import path from 'node:path';
import type { TestContext } from 'node:test';
import {
  readTree,
  withCab,
  type CabRig,
  type FileContent,
  type LoggedRequest,
  type Repository,
  type Tree,
} from '../support/index.ts';

/** One element of what `cab build --json` prints. */
export interface BuildReport {
  readonly installable: string;
  readonly derivation: string;
  readonly outputs: Readonly<Record<string, { readonly path: string; readonly hash: string }>>;
}

/** A project with one island, `github:o/r`, and with something built from it. */
export interface Scenario {
  readonly rig: CabRig;
  readonly repository: Repository;
  /** The commit that the island's branch is at when the test begins. */
  readonly firstCommit: string;
}

const firstFiles: Readonly<Record<string, FileContent>> = {
  'greeting.txt': 'hello @WHO@\n',
  'docs/page.md': '# A page\n',
  'bin/run': { content: '#!/bin/sh\necho @WHO@\n', executable: true },
  latest: { symlink: 'docs/page.md' },
};

/** `default` is built from the island by a program that is there on every machine, `source` is the island itself. */
const projectText = entryOf('<github:o/r>');

/** An entry file as `projectText`, about another island. */
export function entryOf(island: string): string {
  return `let
  source = ${island},
in {
  default = derivation {
    name = "greeting",
    builder = <cab:programs>/text.wasm,
    arguments = ["substitute", source],
    environment = { WHO = "world" },
    requiredRealizerFeatures = ["wasm"],
  },
  source = toDerivation source,
}
`;
}

/** A rig with the project, and the island's repository after its first commit. */
export async function withScenario(test: TestContext): Promise<Scenario> {
  const rig = await withCab(test);
  const repository = await rig.repository('o/r');
  const firstCommit = await repository.write(firstFiles).commit('First');
  await rig.write({ 'default.cab': projectText });
  return { rig, repository, firstCommit };
}

/** Builds with `--json` and answers what is reported of the one installable. */
export async function build(rig: CabRig, ...args: string[]): Promise<BuildReport> {
  const result = await rig.succeed('build', '--json', '--log-format=plain', ...args);
  const reports = result.json() as readonly BuildReport[];
  assert.equal(reports.length, 1, result.stdout);
  return reports[0] as BuildReport;
}

/** The Cab hash of a report's output `out`. */
export function hashOf(report: BuildReport): string {
  const out = report.outputs['out'];
  assert.ok(out !== undefined, 'the report has no output out');
  return out.hash;
}

/** The tree that a result link of the project leads to. */
export async function resultTree(rig: CabRig, link = 'result'): Promise<Tree> {
  return readTree(await realpath(path.join(rig.project, link)));
}

/** What the forge was asked, a word each. */
export function storyOf(rig: CabRig): readonly string[] {
  return rig.server.requests.map(describe);
}

/** The whole tree was asked for, in a pack. */
export function isPackRequest({ command, filter }: Pick<LoggedRequest, 'command' | 'filter'>): boolean {
  return command === 'fetch' && filter !== true;
}

function describe(request: LoggedRequest): string {
  if (request.command === 'ls-refs') return 'refs';
  if (isPackRequest(request)) return 'pack';
  if (request.command === 'fetch') return 'commit';
  return `${request.method} ${request.path}`;
}

/** Asserts that every blob and tree of the store is what it says to be. */
export async function assertStoreIsWhole(rig: CabRig): Promise<void> {
  const result = await rig.cab('store', 'verify');
  assert.equal(result.code, 0, `cab store verify:\n${result.stdout}\n${result.stderr}`);
}
