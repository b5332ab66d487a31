/** Takes a tree of many files into an empty store, against `nix-store --add` where it is installed, and against `cp -r`. */
import { alternate, isInstalled, printBar } from '../measure.ts';
import { onEachDisk } from './rig.ts';

const rounds = 7;

await onEachDisk(async (bench) => {
  const tree = await bench.makeTree();
  const cab = bench.cab('cab store add, empty store', ['store', 'add', tree], () =>
    bench.remove('cab-store'),
  );
  const contenders = [cab, bench.copy(tree), ...(isInstalled('nix-store') ? [bench.nixAdd(tree)] : [])];
  const [ours, copy, nix] = await alternate(contenders, rounds);
  if (ours === undefined || copy === undefined) return;
  const title = `add 11,000 files, 113 MB, on ${bench.disk}`;
  if (nix === undefined) console.log('\nnix is not installed: Debian has it in the package nix-bin');
  else printBar(`${title}, to nix`, [ours, nix], { wallMs: 0.4 });
  printBar(`${title}, to cp`, [ours, copy], { wallMs: 1.3 });
});
