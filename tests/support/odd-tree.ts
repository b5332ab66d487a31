import { chmod, mkdir, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';

/** Names whose order by UTF-8 bytes is not that by UTF-16 units, and others that something could trip on. */
const names = [
  'a',
  'A',
  'a.b',
  'a b',
  'a-b',
  'é',
  'e\u0301',
  '日本',
  '\uFFFC',
  '\uFF5E',
  '\u{10000}',
  '\u{1F600}',
  '\u{10FFFF}',
  '-',
  '~',
  '\n',
  '\x7f',
  '\\',
  '...',
];
const targets = ['a', '../outside', '/etc/passwd', './b/../c', '\u{1F600}', 'nowhere/'.repeat(40)];

/** Fills a folder with a tree of about `count` entries that holds everything a tree can: deep, wide, empty, executable, linked. */
export async function makeOddTree(folder: string, count: number, random: () => number): Promise<void> {
  const below = (limit: number): number => Math.floor(random() * limit);
  const pick = <Item>(items: readonly Item[]): Item => items[below(items.length)] as Item;
  await mkdir(folder, { recursive: true });
  const folders = [folder];
  const isDeep = random() < 0.5;
  for (let index = 0; index < count; index++) {
    const parent = isDeep && random() < 0.5 ? folders.at(-1) : pick(folders);
    const place = path.join(parent, `${pick(names)}${random() < 0.5 ? pick(names) : ''}${index}`);
    const kind = random();
    if (kind < 0.3) {
      await mkdir(place);
      folders.push(place);
    } else if (kind < 0.4) {
      await symlink(pick(targets), place);
    } else {
      await writeFile(place, contentOf(below));
      await chmod(place, random() < 0.3 ? 0o755 : 0o644);
    }
  }
}

/** Nothing, a little, or so much that its size takes two or three bytes. */
function contentOf(below: (limit: number) => number): Buffer {
  const length = [0, below(8), below(300), below(70_000)][below(4)] as number;
  return Buffer.alloc(length, Buffer.from([below(256), below(256), below(256)]));
}
