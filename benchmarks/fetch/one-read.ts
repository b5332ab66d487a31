/** Reads one file of a repository of 100,000 files: bytes over the network, and round trips. */
import { chooseSeed, git, makeLarge } from '../../tests/support/index.ts';
import { printGoal } from '../measure.ts';
import { makeBenchRig } from './rig.ts';

const goalBytes = 64 * 1024;
const goalRequests = 4;

await using bench = await makeBenchRig();
const { rig } = bench;
const folder = rig.repositoryFolder('large/repository');
const repository = await makeLarge(folder, { files: 100_000, bytes: 200_000_000, seed: chooseSeed() });
const paths = (await git(['ls-tree', '-r', '--name-only', 'main'], { folder })).split('\n');
const file = paths.find((name) => name.split('/').length === 4) ?? '';
await repository.write(new Map([[file, 'the one file\n']])).commit('The one file');
await git(['gc', '--quiet'], { folder });
rig.server.reset();
const { stdout } = await rig.succeed('eval', '--expression', `readFile <github:large/repository>/${file}`);
if (!stdout.includes('the one file')) throw new Error(`it read something else: ${stdout}`);
console.log(`\none file, ${file}, of 100,000`);
printGoal('bytes of all bodies', rig.server.bytes, goalBytes);
printGoal('round trips', rig.server.requests.length, goalRequests);
