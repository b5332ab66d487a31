/**
 * Compares packages of real registries, file by file, with what the registries' own clients make of them: `npm run test:registries`.
 * The clients are asked where their registries are. It needs the network, and so is none of the tests that always run.
 */
import assert from 'node:assert/strict';
import { mkdir, readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { test } from 'node:test';
import { makeTemporaryFolder, readTree, removeFolder } from '../../support/index.ts';
import { runTool, writeFiles } from '../../support/registries/index.ts';
import { FetchRig } from '../support/fetch-rig.ts';
import { missing } from '../support/tar-writers.ts';

interface Client {
  readonly program: string;
  readonly packages: readonly (readonly [name: string, version: string])[];
  /** The words of fetch.wasm, but for the sub-tree. */
  readonly words: (name: string, version: string) => Promise<readonly string[]>;
  /** Lets the client fetch the package, and answers the folder with its files. */
  readonly fetch: (folder: string, name: string, version: string) => Promise<string>;
}

const environment = (folder: string): Record<string, string> => ({
  GOMODCACHE: path.join(folder, 'cache'),
  GOFLAGS: '-modcacherw',
  CARGO_HOME: path.join(folder, 'cargo'),
});

async function unpack(folder: string): Promise<string> {
  const [file = ''] = (await readdir(folder)).filter((name) => /\.(tgz|tar\.gz)$/.test(name));
  const target = path.join(folder, 'unpacked');
  await mkdir(target);
  await runTool('tar', ['-xzf', file, '-C', target, '--strip-components=1', '--no-same-owner'], folder);
  return target;
}

const clients: readonly Client[] = [
  {
    program: 'npm',
    packages: [
      ['left-pad', '1.3.0'],
      ['@types/estree', '1.0.5'],
      ['esbuild', '0.25.0'],
      ['typescript', '5.4.5'],
      ['lodash', '4.17.21'],
    ],
    async words(name, version) {
      const registry = await runTool('npm', ['config', 'get', 'registry'], '.');
      return ['npm', registry.trim(), name, version];
    },
    async fetch(folder, name, version) {
      await runTool('npm', ['pack', '--silent', `${name}@${version}`], folder);
      return unpack(folder);
    },
  },
  {
    program: 'cargo',
    packages: [
      ['itoa', '1.0.11'],
      ['cfg-if', '1.0.0'],
      ['libc', '0.2.155'],
    ],
    async words(name, version) {
      return ['crates', await cargoIndex(), name, version];
    },
    async fetch(folder, name, version) {
      await cargoFetch(folder, name, version);
      const [index = ''] = await readdir(path.join(folder, 'cargo/registry/src'));
      const source = path.join(folder, 'cargo/registry/src', index, `${name}-${version}`);
      // It is cargo's own note that all was unpacked.
      await rm(path.join(source, '.cargo-ok'), { force: true });
      return source;
    },
  },
  {
    program: 'pip',
    packages: [
      ['six', '1.16.0'],
      ['idna', '3.7'],
      ['typing_extensions', '4.12.2'],
    ],
    async words(name, version) {
      const configured = await runTool('pip', ['config', 'get', 'global.index-url'], '.').catch(() => '');
      const own = 'from pip._internal.models.index import PyPI; print(PyPI.simple_url)';
      const index = configured === '' ? await runTool('python3', ['-c', own], '.') : configured;
      return ['pypi', index.trim(), name, version];
    },
    async fetch(folder, name, version) {
      const words = ['download', '--quiet', '--no-deps', '--no-binary', ':all:', `${name}==${version}`];
      await runTool('pip', words, folder);
      return unpack(folder);
    },
  },
  {
    program: 'go',
    packages: [
      ['github.com/google/uuid', 'v1.6.0'],
      ['github.com/BurntSushi/toml', 'v1.4.0'],
      ['golang.org/x/mod', 'v0.19.0'],
      ['gopkg.in/yaml.v3', 'v3.0.1'],
    ],
    async words(name, version) {
      const proxies = await runTool('go', ['env', 'GOPROXY'], '.');
      return ['go', proxies.trim().split(/[,|]/)[0] ?? '', name, version];
    },
    async fetch(folder, name, version) {
      const words = ['mod', 'download', '-json', `${name}@${version}`];
      const answer = JSON.parse(await runTool('go', words, folder, environment(folder))) as { Dir: string };
      return answer.Dir;
    },
  },
];

async function cargoFetch(folder: string, name: string, version: string): Promise<void> {
  await writeFiles(folder, {
    'Cargo.toml': `[package]\nname = "x"\nversion = "0.0.0"\nedition = "2021"\n[dependencies]\n${name} = "=${version}"\n`,
    'src/lib.rs': '',
  });
  await runTool('cargo', ['fetch', '--quiet'], folder, environment(folder));
}

/** Cargo tells where its index is by the name of the folder where it keeps its answers. */
async function cargoIndex(): Promise<string> {
  const folder = await makeTemporaryFolder();
  try {
    await cargoFetch(folder, 'cfg-if', '1.0.0');
    const [kept = ''] = await readdir(path.join(folder, 'cargo/registry/index'));
    return `https://${kept.replace(/-[0-9a-f]{16}$/, '')}`;
  } finally {
    await removeFolder(folder);
  }
}

for (const { program, packages, words, fetch } of clients) {
  for (const [name, version] of packages) {
    test(`${name} ${version} is what ${program} makes of it`, { skip: missing(program) }, async (context) => {
      const rig = await FetchRig.create(context);
      const folder = rig.place('client');
      await mkdir(folder);
      const fetched = await rig.run([...(await words(name, version)), '']);
      assert.equal(fetched.result.outcome, 'finished', fetched.log.join('\n'));
      const expected = await readTree(await fetch(folder, name, version));
      assert.deepEqual(fetched.tree, expected);
      context.diagnostic(`${expected.size} files, ${fetched.claims[0]}`);
    });
  }
}
