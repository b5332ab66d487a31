/** Takes one large file into an empty store, against `nix-store --add` where it is installed, and against `cp`. */
import { randomFillSync } from 'node:crypto';
import { closeSync, openSync, writeSync } from 'node:fs';
import path from 'node:path';
import { alternate, isInstalled, printBar } from '../measure.ts';
import { onEachDisk } from './rig.ts';

const rounds = 7;
const size = 1_000_000_000;

await onEachDisk(async (bench) => {
  const file = path.join(bench.folder, 'file');
  writeRandom(file);
  const cab = bench.cab('cab store add, empty store', ['store', 'add', file], () =>
    bench.remove('cab-store'),
  );
  const contenders = [cab, bench.copy(file), ...(isInstalled('nix-store') ? [bench.nixAdd(file)] : [])];
  const [ours, copy, nix] = await alternate(contenders, rounds);
  if (ours === undefined || copy === undefined) return;
  const title = `add one file of 1 GB, on ${bench.disk}`;
  if (nix === undefined) console.log('\nnix is not installed: Debian has it in the package nix-bin');
  else printBar(`${title}, to nix`, [ours, nix], { wallMs: 0.25 });
  printBar(`${title}, to cp`, [ours, copy], { wallMs: 1.5 });
});

function writeRandom(file: string): void {
  const piece = Buffer.alloc(1 << 20);
  const descriptor = openSync(file, 'w');
  for (let written = 0; written < size;) {
    randomFillSync(piece);
    written += writeSync(descriptor, piece, 0, Math.min(piece.length, size - written));
  }
  closeSync(descriptor);
}
