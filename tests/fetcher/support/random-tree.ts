import { chmod, link, mkdir, open, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';

const words = ['a', 'read me', 'Makefile', 'ünïcödé', '日本', '-dash', 'x.tar', '[glob]*', 'back\\slash'];
const targets = ['a', '../outside', '/etc/passwd', './b/../c', 'nowhere/'.repeat(20)];

/** Fills a folder with files of many sizes, sparse ones, links of both kinds and names of many lengths. */
export async function makeRandomTree(folder: string, random: () => number): Promise<void> {
  const below = (limit: number): number => Math.floor(random() * limit);
  const pick = <Item>(items: readonly Item[]): Item => items[below(items.length)] as Item;
  const folders = [folder];
  const files: string[] = [];
  // An archive with one folder at its top would lose it.
  await writeFile(path.join(folder, 'first'), 'first');
  // Old formats leave out what has a long name, with all below it: something is there for each.
  for (let i = 0; i < 10; i++) await writeFile(path.join(folder, `plain-${i}`), 'plain'.repeat(i));
  for (let i = 0; i < 40; i++) {
    const long = random() < 0.15 ? 'long'.repeat(10 + below(40)) : '';
    const place = path.join(pick(folders), `${pick(words)}${long}${i}`);
    const kind = random();
    if (kind < 0.25) {
      await mkdir(place);
      folders.push(place);
    } else if (kind < 0.4) {
      await symlink(pick(targets), place);
    } else if (kind < 0.5 && files.length > 0) {
      await link(pick(files), place);
    } else {
      await (kind < 0.65
        ? writeSparse(place, below)
        : writeFile(place, bytes(below(3000) * below(10), below)));
      await chmod(place, random() < 0.3 ? 0o755 : 0o644);
      files.push(place);
    }
  }
}

function bytes(length: number, below: (limit: number) => number): Buffer {
  return Buffer.alloc(length, Buffer.from([below(256), below(256), below(256)]));
}

/** Holes at the beginning, between and at the end, and files that are nothing but a hole. */
async function writeSparse(place: string, below: (limit: number) => number): Promise<void> {
  const file = await open(place, 'w');
  const pieces = below(40);
  let position = 0;
  for (let i = 0; i < pieces; i++) {
    position += below(4) * 4096 + (below(3) === 0 ? below(4096) : 0);
    const piece = bytes(1 + below(6000), below);
    await file.write(piece, 0, piece.length, position);
    position += piece.length;
  }
  await file.truncate(position + below(3) * 10_000);
  await file.close();
}
