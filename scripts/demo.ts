/**
 * Shows what an island costs: starts a forge on this machine, builds from it, commits, updates and reverts, and
 * prints what each step asked the forge for. Leaves nothing behind.
 */
import { spawnSync } from 'node:child_process';
import { makeCabRig, type CabRig, type Repository } from '../tests/support/index.ts';

interface Step {
  readonly title: string;
  run(rig: CabRig, repository: Repository): Promise<unknown>;
}

const entryText = `let
  source = <github:o/r>,
in {
  default = derivation {
    name = "greeting",
    builder = <cab:programs>/text.wasm,
    arguments = ["substitute", source],
    environment = { WHO = "world" },
    requiredRealizerFeatures = ["wasm"],
  },
}
`;

const steps: readonly Step[] = [
  { title: 'the first build', run: (rig) => rig.succeed('build') },
  { title: 'the same build again', run: (rig) => rig.succeed('build') },
  { title: 'an update: nothing moved', run: (rig) => rig.succeed('build', '--update') },
  {
    title: 'an update: a file changed',
    async run(rig, repository) {
      await repository.write({ 'greeting.txt': 'good morning @WHO@\n' }).commit('Change');
      await rig.succeed('build', '--update');
    },
  },
  {
    title: 'an update: the change was reverted',
    async run(rig, repository) {
      await repository.revert();
      await rig.succeed('build', '--update');
    },
  },
  {
    title: 'the lock was deleted',
    async run(rig) {
      await rig.deleteLock();
      await rig.succeed('build');
    },
  },
  {
    title: 'the store was deleted',
    async run(rig) {
      await rig.deleteStore();
      await rig.succeed('build');
    },
  },
];

async function main(): Promise<void> {
  if (spawnSync('git', ['--version']).status !== 0) {
    console.log('demo: skipped, because git is not on this machine and the forge of the demo needs it');
    return;
  }
  const rig = await makeCabRig();
  try {
    await rig.write({ 'default.cab': entryText });
    const repository = await rig.repository('o/r');
    await repository.write(firstFiles()).commit('First');
    console.log(`An island <github:o/r> of ${sourceFiles + 1} files, served by git on this machine:\n`);
    printRow('step', 'requests', 'bytes', 'seconds', 'asked for');
    for (const step of steps) await runStep(step, rig, repository);
  } finally {
    await rig.dispose();
  }
}

async function runStep(step: Step, rig: CabRig, repository: Repository): Promise<void> {
  rig.server.reset();
  const startedMs = performance.now();
  await step.run(rig, repository);
  const seconds = ((performance.now() - startedMs) / 1000).toFixed(2);
  const { requests, bytes } = rig.server;
  const commit = requests.find(({ command }) => command === 'fetch')?.wants?.[0];
  const questions = requests.map(({ command, filter, wants = [] }) => {
    if (command === 'ls-refs') return 'the ref';
    if (filter === true && wants[0] === commit) return 'the commit';
    return wants[0] === commit ? 'the pack' : 'what it lacks';
  });
  printRow(step.title, String(requests.length), String(bytes), seconds, questions.join(', ') || 'nothing');
}

function printRow(title: string, requests: string, bytes: string, seconds: string, questions: string): void {
  console.log(
    [title.padEnd(36), requests.padStart(8), bytes.padStart(10), seconds.padStart(8), `  ${questions}`].join(
      ' ',
    ),
  );
}

const sourceFiles = 300;

function firstFiles(): Record<string, string> {
  const files: Record<string, string> = { 'greeting.txt': 'hello @WHO@\n' };
  for (let index = 0; index < sourceFiles; index++) {
    files[`source/${index % 12}/file-${index}.txt`] = `file ${index}\n`.repeat(1 + (index % 97));
  }
  return files;
}

await main();
