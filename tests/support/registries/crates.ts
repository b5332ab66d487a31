import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { type Files, hashOf, runTool, writeFiles } from './packages.ts';

/** Packages a crate with cargo itself, and adds it to a sparse index. Answers its file. */
export async function publishCrate(
  index: string,
  crate: { readonly name: string; readonly version: string; readonly files: Files },
  scratch: string,
): Promise<Buffer> {
  const { name, version } = crate;
  const source = path.join(scratch, `${name}-${version}`);
  const manifest = `[package]\nname = "${name}"\nversion = "${version}"\nedition = "2021"\n`;
  await writeFiles(source, { 'Cargo.toml': manifest, 'src/lib.rs': '', ...crate.files });
  await runTool('cargo', ['package', '--no-verify', '--allow-dirty', '--offline', '--quiet'], source);
  const file = await readFile(path.join(source, 'target', 'package', `${name}-${version}.crate`));
  const place = path.join(index, indexPath(name));
  await mkdir(path.dirname(place), { recursive: true });
  const line = {
    name,
    vers: version,
    deps: [],
    cksum: hashOf('sha256', 'hex', file),
    features: {},
    yanked: false,
  };
  await writeFile(place, `${JSON.stringify(line)}\n`, { flag: 'a' });
  return file;
}

/** Where cargo looks for a crate in an index. */
function indexPath(name: string): string {
  const small = name.toLowerCase();
  if (small.length < 3) return `${small.length}/${small}`;
  if (small.length === 3) return `3/${small[0]}/${small}`;
  return `${small.slice(0, 2)}/${small.slice(2, 4)}/${small}`;
}
