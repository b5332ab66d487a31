import { spawn, spawnSync } from 'node:child_process';
import { text } from 'node:stream/consumers';
import type { Readable } from 'node:stream';

/** A command as it is measured: started anew for each run. */
export interface Contender {
  readonly name: string;
  readonly program: string;
  readonly args: readonly string[];
  readonly folder: string;
  readonly environment: Readonly<Record<string, string>>;
  /** Brings things back to where a run begins; not timed. */
  readonly prepare?: () => void | Promise<void>;
  /** Looks at what a run has left; not timed. */
  readonly after?: () => void;
  /** The processor time that others have spent so far which work for it, such as a server. */
  readonly othersMs?: () => number;
}

/** What one run took, in milliseconds. */
export interface Run {
  readonly wallMs: number;
  /** The processor time of the command and of all that it started and waited for, in user and system mode. */
  readonly processorMs: number;
}

type Measure = keyof Run;

export interface Timing {
  readonly name: string;
  readonly runs: readonly Run[];
}

/** The ratios of the first contender to the second that are to be reached. */
export type Goals = Readonly<Partial<Record<Measure, number>>>;

const labels: Readonly<Record<Measure, string>> = { wallMs: 'wall', processorMs: 'processor' };

/** Runs the contenders in turn, so that a machine whose speed drifts treats them alike; the first round is not counted. */
export async function alternate(
  contenders: readonly Contender[],
  rounds: number,
): Promise<readonly Timing[]> {
  const runs = contenders.map((): Run[] => []);
  for (let round = 0; round <= rounds; round++) {
    for (const [index, contender] of contenders.entries()) {
      await contender.prepare?.();
      const run = await time(contender);
      contender.after?.();
      if (round > 0) runs[index]?.push(run);
    }
  }
  return contenders.map(({ name }, index) => ({ name, runs: runs[index] ?? [] }));
}

/** Prints a bar: its figures as medians and ranges, and for each goal the median ratio of the first to the second, pair by pair. */
export function printBar(title: string, timings: readonly Timing[], goals: Goals): void {
  console.log(`\n${title}`);
  for (const { name, runs } of timings) {
    const figures = (['wallMs', 'processorMs'] as const).map((measure) => {
      const values = runs.map((run) => run[measure]);
      const range = `${Math.min(...values).toFixed(0)} to ${Math.max(...values).toFixed(0)}`;
      return `${labels[measure]} ${median(values).toFixed(0).padStart(6)} ms (${range})`;
    });
    console.log(`  ${name.padEnd(38)} ${figures.join('   ')}`);
  }
  const [ours, peer] = timings;
  if (ours === undefined || peer === undefined) return;
  for (const [measure, goal] of Object.entries(goals) as [Measure, number][]) {
    const ratios = ours.runs.map((run, index) => run[measure] / (peer.runs[index]?.[measure] ?? Number.NaN));
    printGoal(`${labels[measure]} ratio`, median(ratios), goal, (value) => value.toFixed(2));
  }
}

/** Prints one figure beside the most that it is to be. */
export function printGoal(
  what: string,
  value: number,
  goal: number,
  show: (value: number) => string = String,
): void {
  const verdict = value <= goal ? 'reached' : 'not reached';
  console.log(`  ${what} ${show(value)}, goal at most ${show(goal)}: ${verdict}`);
}

export function isInstalled(program: string): boolean {
  return spawnSync('sh', ['-c', `command -v ${program}`]).status === 0;
}

/** Whether there is a nix to be measured against; where not, it is said. */
export function hasNix(): boolean {
  if (isInstalled('nix-build')) return true;
  console.log('\nnix is not installed: Debian has it in the package nix-bin');
  return false;
}

/** The shell tells the processor time of whatever it has waited for, which Node does not. */
const timed = `TIMEFORMAT='%3U %3S'; { time "$@" 2>&4; } 4>&2 2>&3`;

/** Runs a command once. */
export async function time(contender: Contender): Promise<Run> {
  const { name, program, args, folder, environment, othersMs = () => 0 } = contender;
  const othersBeforeMs = othersMs();
  const startedMs = performance.now();
  const child = spawn('bash', ['-c', timed, 'bash', program, ...args], {
    cwd: folder,
    env: { ...environment },
    stdio: ['ignore', 'ignore', 'pipe', 'pipe'],
  });
  const ended = new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  const [errors, seconds, code] = await Promise.all([
    text(child.stderr as Readable),
    text(child.stdio[3] as Readable),
    ended,
  ]);
  const wallMs = performance.now() - startedMs;
  if (code !== 0) throw new Error(`${name} ended with ${String(code)}:\n${errors}`);
  const [user = Number.NaN, system = Number.NaN] = seconds.trim().split(' ').map(Number);
  return { wallMs, processorMs: (user + system) * 1000 + othersMs() - othersBeforeMs };
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
}
