/** A source of 113 MB that another machine builds from, first and after a commit of one file, to Nix over ssh: time, and the client's bytes. */
import { chooseSeed, git, makeLarge } from '../../tests/support/index.ts';
import { alternate, type Contender, median, printBar, printGoal } from '../measure.ts';
import { onFarMachines } from './far.ts';
import { quick } from './quick.ts';

const rounds = quick ? 1 : 5;
const goalBytes = 64 * 1024;
const size = quick ? { files: 1100, bytes: 11_300_000 } : { files: 11_000, bytes: 113_000_000 };
const script = 'find $source -type f | wc -l > $out; cat $source/changed.txt >> $out';

const cabProject = `derivation {
  name                     = "summary",
  builder                  = "/bin/sh",
  arguments                = [ "-c", "PATH=/usr/bin:/bin; ${script}", ],
  environment              = { source = <github:large/repository>, },
  requiredRealizerFeatures = [ "x86_64-linux", "host-tools", ],
}
`;

const nixProject = (url: string): string => `derivation {
  name = "summary";
  system = builtins.currentSystem;
  builder = "/bin/sh";
  args = [ "-c" "PATH=/usr/bin:/bin; ${script}" ];
  source = builtins.fetchGit { url = "${url}/large/repository"; ref = "main"; };
}
`;

await onFarMachines(async (bench) => {
  const { machines } = bench;
  const folder = machines.repositoryFolder('large/repository');
  const repository = await makeLarge(folder, { ...size, seed: chooseSeed() });
  let changes = 0;
  const change = (): Promise<string> =>
    repository.write(new Map([['changed.txt', `change ${++changes}\n`]])).commit(`Change ${changes}`);
  await change();
  await git(['gc', '--quiet'], { folder });
  const forge = await machines.start();
  bench.write('default.cab', cabProject);
  bench.write('default.nix', nixProject(forge));

  const cab = (words: readonly string[], prepare: () => Promise<unknown>): Contender =>
    bench.cab('cab build --realizer far', words, async () => void (await prepare()));
  const nix = (prepare: () => Promise<unknown>): readonly Contender[] =>
    bench.nixBuild('nix-build, builder over ssh-ng', ['default.nix'], async () => void (await prepare()));

  const renew = (): Promise<unknown> => Promise.all([bench.emptyClient(), machines.renewRealizer()]);
  const first = [cab([], renew), ...nix(() => bench.emptyNix())];
  const megabytes = Math.round(size.bytes / 1_000_000);
  await measure(`a source of ${megabytes} MB built from on another machine, first`, first, 0.5);
  const update = [cab(['--update'], change), ...nix(change)];
  await measure('the same after a commit of one file', update, 0.1);

  /** Runs the contenders in turn, and prints times and what the client's wire carried. */
  async function measure(title: string, contenders: readonly Contender[], goal: number): Promise<void> {
    const carried = contenders.map((): number[] => []);
    const counted = contenders.map((contender, index): Contender => {
      let before = 0;
      const prepare = async (): Promise<void> => {
        await contender.prepare?.();
        before = machines.client.bytes();
      };
      return { ...contender, prepare, after: () => carried[index]?.push(machines.client.bytes() - before) };
    });
    printBar(title, await alternate(counted, rounds), { wallMs: goal });
    for (const [index, { name }] of contenders.entries()) {
      const bytes = median(carried[index] ?? []);
      if (index === 0) printGoal("bytes on the client's wire, median", bytes, goalBytes);
      else console.log(`  ${name}: ${(bytes / 1_000_000).toFixed(1)} MB on the client's wire`);
    }
  }
});
