import assert from 'node:assert/strict';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';

/** Whether this run writes the golden files instead of comparing with them. */
export const updatesGoldens = process.env['UPDATE_GOLDENS'] === '1';

/** Compares a text with a golden file, or writes the file where goldens are being updated. */
export async function assertGolden(file: string, actual: string): Promise<void> {
  if (updatesGoldens) {
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, actual);
    return;
  }
  const expected = await readFile(file, 'utf8').catch(() => undefined);
  assert.ok(
    expected !== undefined,
    `there is no golden file ${path.basename(file)}; UPDATE_GOLDENS=1 writes it`,
  );
  assert.equal(actual, expected);
}
