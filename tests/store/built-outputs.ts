import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { StorePath } from '../../src/foundation/index.ts';
import type { OutputRecord, Store } from '../../src/store/index.ts';
import { scratchPath } from './temporary-store.ts';

/** A file's content, or a link. */
export type BuiltFile = string | Uint8Array | { readonly executable: string } | { readonly symlink: string };

/** Lets a build leave files, which may mention the candidates and the output's own path, and records what it left. */
export async function addBuilt(
  store: Store,
  name: string,
  files: (own: StorePath) => Readonly<Record<string, BuiltFile>>,
  candidates: readonly StorePath[] = [],
): Promise<OutputRecord> {
  using folder = store.temporaryFolder('build');
  const source = path.join(folder.path, 'out');
  const scratch = scratchPath(`${name}${candidates.join()}`, name);
  mkdirSync(source);
  for (const [inner, file] of Object.entries(files(scratch))) write(path.join(source, inner), file);
  const output = await store.addOutput({ source, scratch, name, candidates });
  store.commit({ outputs: [output] });
  return output;
}

function write(place: string, file: BuiltFile): void {
  mkdirSync(path.dirname(place), { recursive: true });
  if (typeof file === 'string' || file instanceof Uint8Array) writeFileSync(place, file);
  else if ('symlink' in file) symlinkSync(file.symlink, place);
  else writeFileSync(place, file.executable, { mode: 0o755 });
}
