import assert from 'node:assert/strict';
import { cp, mkdir, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { type TestContext, after, test } from 'node:test';
import { makeTemporaryFolder, readTree, removeFolder } from '../../support/index.ts';
import {
  buildSource,
  buildWheel,
  hashOf,
  runTool,
  writeSimpleIndex,
} from '../../support/registries/index.ts';
import { FetchRig, failureOf } from '../support/fetch-rig.ts';
import { missing } from '../support/tar-writers.ts';

const skip = missing('python3');

const project = {
  name: 'Some.Odd_name',
  version: '1.0.1',
  files: { 'odd/__init__.py': 'odd = 1\n', 'odd/data.py': '# ünï\n' },
};

// Python's tools take their time, so they do all of it once.
const built = await makeTemporaryFolder();
after(() => removeFolder(built));
if (skip === false) {
  await buildSource(path.join(built, 'packages'), project, path.join(built, 'source'));
  await buildWheel(path.join(built, 'packages'), project, path.join(built, 'wheel'));
}

async function publishing(context: TestContext): Promise<{ rig: FetchRig; index: string }> {
  const rig = await FetchRig.create(context);
  const packages = rig.place('files/packages');
  await cp(path.join(built, 'packages'), packages, { recursive: true });
  // Files of another version and of another project are on the page too.
  const [wheel = ''] = (await readdir(packages)).filter((file) => file.endsWith('.whl'));
  await writeFile(path.join(packages, wheel.replace('1.0.1', '1.0.10')), 'none');
  await writeSimpleIndex(rig.place('files/simple'), 'some-odd-name', packages);
  return { rig, index: `${rig.server.url}/files/simple` };
}

async function fileOf(rig: FetchRig, ending: string): Promise<Buffer> {
  const files = await readdir(rig.place('files/packages'));
  const file = files.find(
    (name) => name.endsWith(ending) && name.includes('1.0.1-') === ending.endsWith('whl'),
  );
  return readFile(rig.place(`files/packages/${file}`));
}

for (const form of ['json', 'html']) {
  test(
    `a source is found by an index in ${form}, and comes without its top folder`,
    { skip },
    async (context) => {
      const { rig, index } = await publishing(context);
      await rm(rig.place(`files/simple/some-odd-name/index.${form === 'json' ? 'html' : 'json'}`));
      const source = await fileOf(rig, '.tar.gz');
      await mkdir(rig.place('unpacked'));
      await writeFile(rig.place('source.tar.gz'), source);
      await runTool('tar', ['-xzf', '../source.tar.gz', '--strip-components=1'], rig.place('unpacked'));
      for (const name of ['some-odd-name', 'Some.Odd_name', 'SOME__odd-.name']) {
        const fetched = await rig.run(['pypi', index, name, '1.0.1', '']);
        assert.deepEqual(fetched.tree, await readTree(rig.place('unpacked')), fetched.log.join('\n'));
        assert.equal(fetched.claims[0], `sri:sha256-${hashOf('sha256', 'base64', source)}`);
      }
    },
  );

  test(`where there is no source, a wheel comes as it is installed (${form})`, { skip }, async (context) => {
    const { rig, index } = await publishing(context);
    const packages = rig.place('files/packages');
    for (const file of await readdir(packages))
      if (file.endsWith('.tar.gz')) await rm(path.join(packages, file));
    await writeSimpleIndex(rig.place('files/simple'), 'some-odd-name', packages);
    await rm(rig.place(`files/simple/some-odd-name/index.${form === 'json' ? 'html' : 'json'}`));
    const fetched = await rig.run(['pypi', index, 'some.odd.name', '1.0.1', '']);
    const wheel = await fileOf(rig, '.whl');
    assert.equal(
      fetched.claims[0],
      `sri:sha256-${hashOf('sha256', 'base64', wheel)}`,
      fetched.log.join('\n'),
    );
    assert.deepEqual(fetched.tree, await readTree(path.join(built, 'wheel')));
  });
}

test('links may be absolute or start at the host', { skip }, async (context) => {
  const { rig, index } = await publishing(context);
  const source = (await readdir(rig.place('files/packages'))).find((file) => file.endsWith('.tar.gz'));
  const hash = hashOf('sha256', 'hex', await fileOf(rig, '.tar.gz'));
  await rm(rig.place('files/simple/some-odd-name/index.json'));
  for (const start of [rig.server.url, '']) {
    const link = `<a data-x='>' href="${start}/files/packages/${source}?a=b&amp;c#sha256=${hash}">${source}</a>`;
    await writeFile(rig.place('files/simple/some-odd-name/index.html'), link);
    const fetched = await rig.run(['pypi', index, 'some-odd-name', '1.0.1', 'odd']);
    assert.deepEqual([...fetched.tree.keys()], ['__init__.py', 'data.py'], fetched.log.join('\n'));
  }
});

test(
  'a version that is not there, and a file that is not what it should be, are refused',
  { skip },
  async (context) => {
    const { rig, index } = await publishing(context);
    assert.match(failureOf(await rig.run(['pypi', index, 'some-odd-name', '1.0', ''])), /^11: .* 1\.0$/);
    rig.server.fault({ kind: 'corrupt', atByte: 5, match: ({ path: file }) => file.endsWith('.tar.gz') });
    assert.match(
      failureOf(await rig.run(['pypi', index, 'some-odd-name', '1.0.1', ''])),
      /^20: what came is not what was published: its digest is sha256-\S+ and not sha256-\S+$/,
    );
  },
);
