import assert from 'node:assert/strict';
import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { type TestContext, test } from 'node:test';
import { makeRepository, readTree } from '../../support/index.ts';
import { goProxyOf, publishGoModule } from '../../support/registries/index.ts';
import { FetchRig, failureOf } from '../support/fetch-rig.ts';
import { missing } from '../support/tar-writers.ts';

const skip = missing('go') || missing('git');
const module = 'example.org/Owner/name.git';
const escaped = 'example.org/!owner/name.git';

interface Published {
  readonly rig: FetchRig;
  readonly proxy: string;
  readonly version: string;
  readonly hash: string;
  readonly expected: Awaited<ReturnType<typeof readTree>>;
}

/** Go downloads the module into its cache, which is served as the proxy that it is. */
async function publishing(context: TestContext, wanted: string): Promise<Published> {
  const rig = await FetchRig.create(context);
  const repository = await makeRepository(rig.place('repository.git'));
  repository.write({
    'go.mod': `module ${module}\n\ngo 1.20\n`,
    'a.go': 'package name\n',
    'Folder/b.go': 'package folder\n',
    'tool.sh': { content: '#!/bin/sh\n', executable: true },
  });
  await repository.commit();
  await repository.tag('v1.2.3');
  repository.write({ 'c.go': 'package name\n' });
  await repository.commit();
  const cache = rig.place('cache');
  const { version, hash } = await publishGoModule(cache, repository, module, wanted);
  await mkdir(rig.place('files'));
  await symlink(goProxyOf(cache), rig.place('files/proxy'));
  const proxy = `${rig.server.url}/files/proxy`;
  return { rig, proxy, version, hash, expected: await readTree(`${cache}/${escaped}@${version}`) };
}

test('a module comes as Go unpacks it, with the hash that Go has for it', { skip }, async (context) => {
  const { rig, proxy, hash, expected } = await publishing(context, 'v1.2.3');
  const fetched = await rig.run(['go', proxy, module, 'v1.2.3', '']);
  assert.deepEqual(fetched.tree, expected, fetched.log.join('\n'));
  assert.equal(fetched.claims[0], hash);
  const part = await rig.run(['go', proxy, module, 'v1.2.3', 'Folder']);
  assert.deepEqual([...part.tree.keys()], ['b.go']);
});

test('a branch stands for a version, which is claimed', { skip }, async (context) => {
  const { rig, proxy, version, hash, expected } = await publishing(context, 'main');
  assert.match(version, /^v1\.2\.4-0\.\d{14}-[0-9a-f]{12}$/);
  const place = rig.place(`cache/cache/download/${escaped}`);
  const answer = JSON.stringify({ Version: version, Time: '2020-01-01T00:00:00Z' });
  await writeFile(`${place}/@v/main.info`, answer);
  await writeFile(`${place}/@latest`, answer);
  for (const word of ['main', 'latest']) {
    const fetched = await rig.run(['go', proxy, module, word, '']);
    assert.deepEqual(fetched.claims.slice(0, 2), [`version:${version}`, hash], fetched.log.join('\n'));
    assert.deepEqual(fetched.tree, expected);
  }
});

test(
  'where the proxy serves the checksum database, its hash is claimed before the download',
  { skip },
  async (context) => {
    const { rig, proxy, hash } = await publishing(context, 'v1.2.3');
    const place = rig.place(
      `cache/cache/download/sumdb/sum.golang.org/lookup/${escaped.replace('/name.git', '')}`,
    );
    await mkdir(place, { recursive: true });
    const lookup = async (sum: string): Promise<void> => {
      const lines = `17\n${module} v1.2.3 ${sum}\n${module} v1.2.3/go.mod h1:other=\n\ngo.sum database tree\n`;
      await writeFile(`${place}/name.git@v1.2.3`, lines);
    };
    await lookup(hash);
    rig.server.fault({ kind: 'status', status: 503, match: ({ path }) => path.endsWith('.zip'), times: 4 });
    assert.match(failureOf(await rig.run(['go', proxy, module, 'v1.2.3', ''])), /^10: /);
    assert.deepEqual((await rig.run(['go', proxy, module, 'v1.2.3', ''])).claims.slice(0, 1), [hash]);
    const other = `h1:${'A'.repeat(43)}=`;
    await lookup(other);
    const failure = failureOf(await rig.run(['go', proxy, module, 'v1.2.3', '']));
    assert.equal(
      failure,
      `20: what came is not what was published: its digest is ${hash.slice(3)} and not ${other.slice(3)}`,
    );
  },
);

test('a pinned hash is compared', { skip }, async (context) => {
  const { rig, proxy, hash, expected } = await publishing(context, 'v1.2.3');
  const h1 = hash.slice(3);
  assert.deepEqual((await rig.run(['go', proxy, module, 'v1.2.3', ''], { h1 })).tree, expected);
  const failed = await rig.run(['go', proxy, module, 'v1.2.3', ''], { h1: `${'A'.repeat(43)}=` });
  assert.match(failureOf(failed), /^20: .* and not A+=$/);
});
