import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { type CancellationToken, LSPErrorCodes, ResponseError } from 'vscode-languageserver';
import type { FileStore } from './file-store.ts';
import type { AnalysedFile } from './analysed-file.ts';

/** How many files of the editor's folders are looked through, and how deep they may lie. */
const fileLimit = 2000;
const depthLimit = 12;

const passedOver = new Set(['.git', 'node_modules', '.hg', '.svn', 'target', 'dist']);

/** The places of all expressions in the folders. Links are not followed: a result of a build is nobody's source. */
async function expressionsIn(folders: readonly string[]): Promise<readonly string[]> {
  const places = new Set<string>();
  for (const folder of folders) await gather(folder, 0, places);
  return [...places];
}

async function gather(folder: string, depth: number, places: Set<string>): Promise<void> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  for (const entry of entries) {
    if (places.size >= fileLimit) return;
    const place = path.join(folder, entry.name);
    if (entry.isFile() && entry.name.endsWith('.cab')) places.add(place);
    if (entry.isDirectory() && depth < depthLimit && !passedOver.has(entry.name))
      await gather(place, depth + 1, places);
  }
}

/**
 * The files that are open, and those of the folders; the event loop has its turn between any two.
 *
 * @throws ResponseError where the editor has taken back what it asked.
 */
export async function* filesOf(
  store: FileStore,
  folders: readonly string[],
  token: CancellationToken,
): AsyncGenerator<AnalysedFile> {
  for (const uri of store.openedUris) {
    const file = store.opened(uri);
    if (file !== undefined) yield file;
  }
  for (const place of await expressionsIn(folders)) {
    if (token.isCancellationRequested) throw new ResponseError(LSPErrorCodes.RequestCancelled, 'cancelled');
    if (store.isOpenAt(place)) continue;
    const file = store.at(place);
    if (file !== undefined) yield file;
    await turn();
  }
}
