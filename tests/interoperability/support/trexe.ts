import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { CommandResult } from '../../support/index.ts';
import type { Buildbox } from './buildbox.ts';
import type { Served } from './server.ts';

interface Metadata {
  readonly actionResultMetadata: { readonly exitCode: number; readonly cachedResult: boolean };
}

/** Runs a command with an input, an output and words for both streams; the second time it is known. A third one fails. */
export async function runCommands(buildbox: Buildbox, { address }: Served): Promise<void> {
  await writeFile(path.join(buildbox.folder, 'words.txt'), 'hello from trexe\n');
  const metadataFile = path.join(buildbox.folder, 'metadata');
  const trexe = async (script: string): Promise<CommandResult & Metadata> => {
    const files = ['--input-path=words.txt', '--output-path=deep/shouted.txt', `--d=${buildbox.folder}/made`];
    const words = ['trexe', `--remote=http://${address}`, `--result-metadata-file=${metadataFile}`];
    const result = await buildbox.run([...words, ...files, '/bin/sh', '-c', script]);
    return { ...result, ...(JSON.parse(await readFile(metadataFile, 'utf8')) as Metadata) };
  };
  for (const cachedResult of [false, true]) {
    const result = await trexe('tr a-z A-Z < words.txt > deep/shouted.txt; echo said; echo moaned >&2');
    assert.equal(result.code, 0, result.stderr);
    assert.deepEqual(result.actionResultMetadata, { exitCode: 0, cachedResult });
    assert.deepEqual([result.stdout, result.stderr], ['said\n', 'moaned\n']);
    const shouted = await readFile(path.join(buildbox.folder, 'made/deep/shouted.txt'), 'utf8');
    assert.equal(shouted, 'HELLO FROM TREXE\n');
  }
  const failed = await trexe('echo no >&2; exit 3');
  assert.deepEqual(failed.actionResultMetadata, { exitCode: 3, cachedResult: false });
  assert.deepEqual([failed.code, failed.stderr], [3, 'no\n']);
}
