import { execFile } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { makeTemporaryFolder, removeFolder } from '../../scripts/temporary-folder.ts';

/** Packs files with the machine's GNU `tar` and gzip. */
export function makeArchive(
  files: Readonly<Record<string, string>>,
  options: readonly string[] = [],
): Promise<Buffer> {
  return makeTar(files, ['--gzip', ...options]);
}

/** Packs files with the machine's GNU `tar`; `options` go to tar, which is not to mend any name. */
export async function makeTar(
  files: Readonly<Record<string, string>>,
  options: readonly string[],
): Promise<Buffer> {
  const folder = await makeTemporaryFolder();
  try {
    for (const [name, content] of Object.entries(files)) {
      await mkdir(path.dirname(path.join(folder, name)), { recursive: true });
      await writeFile(path.join(folder, name), content);
    }
    const args = ['-c', '-P', '-C', folder, ...options, ...Object.keys(files)];
    const { stdout } = await promisify(execFile)('tar', args, { encoding: 'buffer', maxBuffer: 2 ** 26 });
    return stdout;
  } finally {
    await removeFolder(folder);
  }
}
