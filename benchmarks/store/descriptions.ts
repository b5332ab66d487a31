/** Five thousand derivations evaluated and written down, against `nix-instantiate` of the like into an empty store. */
import { alternate, hasNix, printBar } from '../measure.ts';
import { withSteps } from './steps.ts';

const rounds = 7;
const count = 5000;

await withSteps(async (bench) => {
  const cab = bench.cabSteps(
    'cab show-derivation --recursive',
    ['show-derivation', '--recursive'],
    'groups',
    count,
  );
  const nix = bench.nixSteps('nix-instantiate, empty store', ['nix-instantiate'], 'groups', count, () =>
    bench.remove('nix'),
  );
  const timings = await alternate(hasNix() ? [cab, nix] : [cab], rounds);
  printBar(`${count} derivations described and written`, timings, { wallMs: 0.5 });
});
