/** Fifty trivial derivations on another machine, and for Cab one more below them, to Nix over ssh to a store there. */
import { alternate, printBar } from '../measure.ts';
import { onFarMachines } from './far.ts';
import { quick } from './quick.ts';

const rounds = quick ? 1 : 5;
const count = 50;

const cabSteps = (round: number): string => `let
  step = number => derivation {
    name                     = "step-\\(toString number)",
    builder                  = "/bin/sh",
    arguments                = [ "-c", "echo \\(toString number) of ${round} > $out", ],
    requiredRealizerFeatures = [ "x86_64-linux", "host-tools", ],
  },
  packages = import <cab:packages> { system = "x86_64-linux", },
in packages.writeText "all" (join " " (map (number => "\\(step number)") (range 1 ${count})))
`;

const nixSteps = (round: number): string => `let
  step = number: derivation {
    name = "step-\${toString number}";
    system = builtins.currentSystem;
    builder = "/bin/sh";
    args = [ "-c" "echo \${toString number} of ${round} > $out" ];
  };
in builtins.genList step ${count}
`;

await onFarMachines(async (bench) => {
  await bench.machines.start();
  let round = 0;
  const cab = bench.cab('cab build --realizer far', ['--no-link'], async () => {
    bench.write('default.cab', cabSteps(round++));
    await bench.emptyClient();
  });
  const nix = bench.nixBuild('nix-build, builder over ssh-ng', ['default.nix'], async () => {
    bench.write('default.nix', nixSteps(round++));
    await bench.emptyNix();
  });
  const timings = await alternate([cab, ...nix], rounds);
  printBar(`${count} trivial derivations on another machine, to nix over ssh`, timings, { wallMs: 0.05 });
});
