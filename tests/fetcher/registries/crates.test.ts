import assert from 'node:assert/strict';
import { mkdir, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { type TestContext, test } from 'node:test';
import { readTree } from '../../support/index.ts';
import { hashOf, publishCrate, runTool } from '../../support/registries/index.ts';
import { FetchRig, failureOf } from '../support/fetch-rig.ts';
import { missing } from '../support/tar-writers.ts';

const skip = missing('cargo');

interface Crate {
  readonly rig: FetchRig;
  readonly index: string;
  readonly file: Buffer;
}

/** Publishes a crate, its file at the path that cargo would ask for by the template. */
async function publishing(
  context: TestContext,
  name: string,
  template: string,
  place: string,
): Promise<Crate> {
  const rig = await FetchRig.create(context);
  const folder = rig.place('files/index');
  const crate = { name, version: '1.0.0-pre.1', files: { 'src/more.rs': '// more' } };
  await publishCrate(folder, { ...crate, version: '0.9.0' }, rig.place('source'));
  const file = await publishCrate(folder, crate, rig.place('source'));
  const index = `${rig.server.url}/files/index`;
  const dl = template.replace('HERE', `${rig.server.url}/files/crates`);
  await writeFile(path.join(folder, 'config.json'), JSON.stringify({ dl, api: null }));
  const target = rig.place(`files/crates/${place.replace('CHECKSUM', hashOf('sha256', 'hex', file))}`);
  await mkdir(path.dirname(target), { recursive: true });
  await writeFile(target, file);
  return { rig, index, file };
}

const places: readonly (readonly [string, string, string])[] = [
  ['a', 'HERE', 'a/1.0.0-pre.1/download'],
  ['ab', 'HERE/{crate}/{version}.crate', 'ab/1.0.0-pre.1.crate'],
  ['aBc', 'HERE/{prefix}/{lowerprefix}/{crate}', '3/a/3/a/aBc'],
  ['Long_Name', 'HERE/{prefix}/{lowerprefix}/{sha256-checksum}', 'Lo/ng/lo/ng/CHECKSUM'],
];

for (const [name, template, place] of places) {
  test(`the crate ${name} is found in the index, and at ${template}`, { skip }, async (context) => {
    const { rig, index, file } = await publishing(context, name, template, place);
    const fetched = await rig.run(['crates', index, name, '1.0.0-pre.1', '']);
    await mkdir(rig.place('unpacked'));
    await writeFile(rig.place('crate'), file);
    await runTool('tar', ['-xzf', '../crate', '--strip-components=1'], rig.place('unpacked'));
    assert.deepEqual(fetched.tree, await readTree(rig.place('unpacked')), fetched.log.join('\n'));
    assert.equal(fetched.claims[0], `sri:sha256-${hashOf('sha256', 'base64', file)}`);
    const part = await rig.run(['crates', `${index}/`, name, '1.0.0-pre.1', 'src/more.rs']);
    assert.deepEqual([...part.tree.keys()], ['']);
  });
}

test(
  'a crate that is not what the index says, and a version that it lacks, are refused',
  { skip },
  async (context) => {
    const { rig, index, file } = await publishing(context, 'abcd', 'HERE', 'abcd/1.0.0-pre.1/download');
    assert.match(failureOf(await rig.run(['crates', index, 'abcd', '2.0.0', ''])), /^11: .* 2\.0\.0$/);
    assert.match(
      failureOf(await rig.run(['crates', index, 'nothing', '2.0.0', ''])),
      /^10: .*no\/th\/nothing 404$/,
    );
    const place = rig.place('files/crates/abcd/1.0.0-pre.1/download');
    await rename(rig.place('files/crates/abcd/1.0.0-pre.1/download'), rig.place('other'));
    const other = Buffer.from(file);
    other[5] = 1;
    await writeFile(place, other);
    const failure = failureOf(await rig.run(['crates', index, 'abcd', '1.0.0-pre.1', '']));
    const [expected, actual] = [file, other].map(
      (content) => `sha256-${hashOf('sha256', 'base64', content)}`,
    );
    assert.equal(
      failure,
      `20: what came is not what was published: its digest is ${actual} and not ${expected}`,
    );
  },
);
