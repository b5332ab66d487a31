/** Fetches two hundred islands at once, archives and git repositories, small and large, against `xargs -P` with curl, tar and git. */
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import path from 'node:path';
import { chooseSeed, git, makeLarge, removeFolder } from '../../tests/support/index.ts';
import type { EventLoopReport } from '../event-loop.ts';
import { type Contender, alternate, printBar, printGoal } from '../measure.ts';
import { emptyStore, makeBenchRig } from './rig.ts';

const rounds = 3;
const holdGoalMs = 50;

/** How many islands of a size there are, as archives and as repositories. */
const sizes = [
  { name: 'small', files: 10, bytes: 40_000, archives: 120, repositories: 40 },
  { name: 'middle', files: 300, bytes: 2_000_000, archives: 20, repositories: 10 },
  { name: 'large', files: 4000, bytes: 24_000_000, archives: 6, repositories: 4 },
];

await using bench = await makeBenchRig();
const { rig, environment } = bench;
const files = path.join(rig.folder, 'forge', 'files');
mkdirSync(files, { recursive: true });
const seed = chooseSeed();
const archives: string[] = [];
const repositories: string[] = [];
let made = 0;
for (const size of sizes) {
  for (let count = 0; count < size.archives + size.repositories; count++) {
    // Each has content of its own: what one island has brought would not be brought again for another.
    const repository = rig.repositoryFolder(`${size.name}/part-${count}`);
    await makeLarge(repository, { files: size.files, bytes: size.bytes, seed: seed + made++ });
    await git(['gc', '--quiet'], { folder: repository });
    if (count >= size.archives) {
      repositories.push(`${rig.server.url}/${size.name}/part-${count}.git`);
      continue;
    }
    const name = `${size.name}-${count}.tar.gz`;
    await git(['archive', '--format=tar.gz', '--prefix=top/', `--output=${path.join(files, name)}`, 'main'], {
      folder: repository,
    });
    await removeFolder(repository);
    archives.push(`${rig.server.url}/files/${name}`);
  }
}
const islands = [...archives.map((url) => `<${url}>`), ...repositories.map((url) => `<git:${url}>`)];
const paths = islands.map((island) => `\\(${island})`).join('\\n');
await rig.write({
  'default.cab': `(import <cab:packages> { system = "x86_64-linux", }).writeText "paths" "${paths}"`,
});

const reports = path.join(rig.folder, 'event-loops');
mkdirSync(reports);
const watcher = path.join(rig.folder, 'event-loop.mjs');
// Stripped here: each thread would spend longer on that than on its own start.
writeFileSync(
  watcher,
  stripTypeScriptTypes(readFileSync(new URL('../event-loop.ts', import.meta.url), 'utf8')),
);
const ours = bench.cab('cab build, empty store, new lock', ['build', '--no-link'], emptyStore(rig));
const watched: Contender = {
  ...ours,
  environment: {
    ...ours.environment,
    NODE_OPTIONS: `--import=${watcher}`,
    EVENT_LOOP_REPORTS: reports,
  },
};
const unpacked = path.join(rig.folder, 'unpacked');
const fetchOne = `case $1 in
  */files/*) mkdir ${unpacked}/$0; curl --silent --fail $1 | tar -xz -C ${unpacked}/$0 ;;
  *) git clone --quiet --depth 1 $1 ${unpacked}/$0 ;;
esac`;
const numbered = [...archives, ...repositories].map((url, index) => `${index} ${url}`);
const peer: Contender = {
  name: 'xargs -P 16 with curl, tar and git',
  program: 'bash',
  args: ['-c', `printf '%s\\n' "$0" | xargs -P 16 -L 1 bash -c '${fetchOne}'`, numbered.join('\n')],
  folder: rig.folder,
  environment,
  prepare: async () => {
    await removeFolder(unpacked);
    mkdirSync(unpacked);
  },
};
const title = `${islands.length} islands at once`;
printBar(title, await alternate([watched, peer], rounds), { wallMs: 1, processorMs: 1 });

const threads = readdirSync(reports).map(
  (name) => JSON.parse(readFileSync(path.join(reports, name), 'utf8')) as EventLoopReport,
);
for (const [role, what] of [
  ['main', 'main thread'],
  ['programs', 'threads of programs'],
] as const) {
  const some = threads.filter((thread) => thread.role === role);
  const wall = Math.max(...some.map(({ longest }) => longest.wallMs));
  const processor = Math.max(...some.map(({ busiest }) => busiest.processorMs));
  printGoal(`${what}: longest hold in ms`, wall, holdGoalMs, (value) => value.toFixed(0));
  printGoal(`${what}: the same in processor time`, processor, holdGoalMs, (value) => value.toFixed(0));
}
