import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { TestContext } from 'node:test';
import { chooseSeed, git, makeLarge } from '../support/index.ts';
import { makeThreeMachines } from '../support/networks/index.ts';
import { head } from './native-builds.ts';

/** What a build may take of the client's wire, whatever the size of its source. */
const limitBytes = 64 * 1024;

/** A program that reads all of the source, and makes little of it. */
const project = `${head}packages.run {
  name        = "summary",
  environment = { source = <github:large/repository>, },
  script      = "find $source -type f | wc -l > $out; cat $source/changed.txt >> $out",
}
`;

/** Builds from a source of such a size on another machine, first and after a commit of one file, and counts what the client's wire carries. */
export async function countKilobytes(
  context: TestContext,
  size: { readonly files: number; readonly bytes: number },
): Promise<void> {
  await using machines = await makeThreeMachines();
  const seed = chooseSeed();
  context.diagnostic(`seed ${seed}`);
  const folder = machines.repositoryFolder('large/repository');
  const repository = await makeLarge(folder, { ...size, seed });
  const change = (text: string): Promise<string> =>
    repository.write(new Map([['changed.txt', `${text}\n`]])).commit(`Make it ${text}`);
  await change('old');
  await git(['gc', '--quiet'], { folder });
  await machines.start();
  await writeFile(path.join(machines.project, 'default.cab'), project);

  /** Builds, and tells what came of it and how much went over each machine's wire. */
  const build = async (...words: string[]): Promise<{ summary: string; forge: number }> => {
    const before = [machines.client.bytes(), machines.forge.bytes()];
    await machines.succeed('build', '--realizer', 'far', ...words);
    const [client = 0, forge = 0] = [machines.client.bytes(), machines.forge.bytes()].map(
      (bytes, index) => bytes - (before[index] ?? 0),
    );
    context.diagnostic(`${words.join(' ') || 'first'}: client ${client} bytes, forge ${forge}`);
    assert.ok(client < limitBytes, `the client's wire carried ${client} bytes`);
    return { summary: await readFile(path.join(machines.project, 'result'), 'utf8'), forge };
  };

  const first = await build();
  assert.equal(first.summary, `${size.files + 1}\nold\n`);
  // The source did come over a wire, and not over the client's.
  assert.ok(first.forge > size.bytes / 10, `the forge's wire carried ${first.forge} bytes`);
  await change('new');
  const second = await build('--update');
  assert.equal(second.summary, `${size.files + 1}\nnew\n`);
}
