/** A chain of derivations in the sandbox, each of which depends on the one before, against nix in its own. */
import { alternate, hasNix, printBar } from '../measure.ts';
import { withSteps } from './steps.ts';

const rounds = 7;
const count = 200;

await withSteps(async (bench) => {
  const cab = bench.cabSteps('cab build, empty store', ['build', '--no-link'], 'chain', count, () =>
    bench.remove('cab-store'),
  );
  if (!hasNix()) {
    printBar(`a chain of ${count} derivations in the sandbox`, await alternate([cab], rounds), {});
    return;
  }
  const nix = bench.nixSteps(
    'nix-build, sandboxed, empty store',
    ['nix-build', '--no-out-link'],
    'chain',
    count,
    () => bench.remove('nix'),
  );
  const timings = await alternate([cab, nix], rounds);
  printBar(`a chain of ${count} derivations in the sandbox, to nix`, timings, { wallMs: 0.6 });
});
