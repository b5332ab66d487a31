import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { readTree } from '../../support/index.ts';
import { type NpmPublication, publishNpm, runTool } from '../../support/registries/index.ts';
import { FetchRig, type Fetched, failureOf } from '../support/fetch-rig.ts';
import { missing } from '../support/tar-writers.ts';

const skip = missing('npm');

const files = { 'bin/tool.js': '#!/usr/bin/env node\n', 'lib/a.js': 'a', 'README.md': 'ünï' };

class NpmRig {
  readonly rig: FetchRig;
  readonly name: string;

  constructor(rig: FetchRig, name: string) {
    this.rig = rig;
    this.name = name;
  }

  get url(): string {
    return `${this.rig.server.url}/files`;
  }

  fetch(version: string, subtree = '', pins: Record<string, string> = {}): Promise<Fetched> {
    return this.rig.run(['npm', `${this.url}/`, this.name, version, subtree], pins);
  }

  /** What npm itself gets from the registry. */
  async npm(version: string): Promise<ReadonlyMap<string, unknown>> {
    const folder = this.rig.place('packed');
    await runTool('mkdir', ['-p', `${folder}/package`], this.rig.rig.folder);
    const words = ['pack', '--json', '--prefer-online', `--registry=${this.url}/`, `--cache=${folder}/cache`];
    const [packed] = JSON.parse(await runTool('npm', [...words, `${this.name}@${version}`], folder)) as [
      { readonly filename: string },
    ];
    const file = packed.filename.replace('@', '').replace('/', '-');
    await runTool('tar', ['-xf', file, '-C', 'package', '--strip-components=1'], folder);
    return readTree(`${folder}/package`);
  }
}

async function publishing(
  context: TestContext,
  name: string,
  publications: readonly NpmPublication[],
): Promise<NpmRig> {
  const rig = await FetchRig.create(context);
  const npm = new NpmRig(rig, name);
  await publishNpm({ folder: rig.place('files'), url: npm.url, name }, publications, rig.place('source'));
  return npm;
}

for (const name of ['plain', '@a-scope/name']) {
  test(
    `the package ${name} comes as npm has it, its digest claimed before it is fetched`,
    { skip },
    async (context) => {
      const npm = await publishing(context, name, [{ version: '1.2.3', files, tags: ['latest'] }]);
      const fetched = await npm.fetch('1.2.3');
      assert.deepEqual(fetched.tree, await npm.npm('1.2.3'), fetched.log.join('\n'));
      assert.match(fetched.claims[0] ?? '', /^sri:sha512-.{86}==$/);
      assert.equal(fetched.claims.length, 2);
      const part = await npm.fetch('1.2.3', 'lib');
      assert.deepEqual([...part.tree.keys()], ['a.js']);
    },
  );
}

test('of several digests the strongest is claimed and compared', { skip }, async (context) => {
  const npm = await publishing(context, 'plain', [{ version: '1.0.0', files, weak: true }]);
  const { claims, log } = await npm.fetch('1.0.0');
  assert.match(claims[0] ?? '', /^sri:sha512-.{86}==$/, log.join('\n'));
});

test(
  'a tag stands for a version, which is claimed, and fetched where it is pinned',
  { skip },
  async (context) => {
    const npm = await publishing(context, 'plain', [
      { version: '1.0.0', files: { a: 'old' } },
      { version: '2.0.0', files: { a: 'new' }, tags: ['latest'] },
    ]);
    const fetched = await npm.fetch('latest');
    assert.equal(fetched.claims[0], 'version:2.0.0');
    assert.deepEqual(fetched.tree, await npm.npm('2.0.0'));
    const pinned = await npm.fetch('latest', '', { version: '1.0.0' });
    assert.deepEqual(pinned.tree, (await npm.fetch('1.0.0')).tree);
    assert.match(failureOf(await npm.fetch('next')), /^11: .* next$/);
  },
);

test('a version with a document of its own needs two requests', { skip }, async (context) => {
  const npm = await publishing(context, 'plain', [
    { version: '1.0.0', files, tags: ['latest'], single: true },
  ]);
  npm.rig.server.reset();
  const fetched = await npm.fetch('latest');
  assert.deepEqual(fetched.claims.slice(0, 1), ['version:1.0.0']);
  assert.equal(npm.rig.server.requests.length, 2);
});

test('an old package has a SHA-1 only', { skip }, async (context) => {
  const npm = await publishing(context, 'plain', [{ version: '1.0.0', files, old: true }]);
  const fetched = await npm.fetch('1.0.0');
  assert.match(fetched.claims[0] ?? '', /^sri:sha1-.{27}=$/);
  assert.deepEqual(fetched.tree, await npm.npm('1.0.0'));
});

for (const old of [false, true]) {
  test(
    `a package that is not what was published is refused (${old ? 'SHA-1' : 'SHA-512'})`,
    { skip },
    async (context) => {
      const npm = await publishing(context, 'plain', [{ version: '1.0.0', files, old }]);
      // The time in gzip's header means nothing to those who unpack it.
      npm.rig.server.fault({ kind: 'corrupt', atByte: 5, match: ({ path }) => path.endsWith('.tgz') });
      const failure = failureOf(await npm.fetch('1.0.0'));
      assert.match(
        failure,
        /^20: what came is not what was published: its digest is sha\S+ and not sha\S+=$/,
      );
    },
  );
}

test('a package that is not there, and a registry that talks nonsense', { skip }, async (context) => {
  const npm = await publishing(context, 'plain', [{ version: '1.0.0', files }]);
  assert.match(failureOf(await npm.rig.run(['npm', npm.url, 'other', '1.0.0', ''])), /^10: .*\/other 404$/);
  npm.rig.server.fault({ kind: 'cut', afterBytes: 0, match: ({ path }) => path.endsWith('/plain') });
  assert.match(failureOf(await npm.fetch('1.0.0')), /^18: /);
  npm.rig.server.clearFaults();
  npm.rig.server.fault({ kind: 'corrupt', atByte: 0, match: ({ path }) => path.endsWith('/plain') });
  assert.match(failureOf(await npm.fetch('1.0.0')), /^1[12]: /);
});
