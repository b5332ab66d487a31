import { chmod, lstat, mkdtemp, readdir, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** Makes a new empty folder below the machine's folder for temporary files. */
export async function makeTemporaryFolder(): Promise<string> {
  return mkdtemp(path.join(await realpath(tmpdir()), 'cab-'));
}

/** Removes a folder with all that it holds, read-only folders of a store included. */
export async function removeFolder(folder: string): Promise<void> {
  try {
    await rm(folder, { recursive: true, force: true });
  } catch {
    // Only someone else than root gets here: nothing can be removed from a folder without the bit for writing.
    await makeWritable(folder);
    await rm(folder, { recursive: true, force: true, maxRetries: 3 });
  }
}

async function makeWritable(folder: string): Promise<void> {
  const status = await lstat(folder).catch(() => undefined);
  if (status === undefined || !status.isDirectory()) return;
  await chmod(folder, 0o700);
  for (const name of await readdir(folder)) await makeWritable(path.join(folder, name));
}
