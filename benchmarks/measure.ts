import { spawn, spawnSync } from 'node:child_process';

/** A command as it is measured: started anew for each run. */
export interface Contender {
  readonly name: string;
  readonly program: string;
  readonly args: readonly string[];
  readonly folder: string;
  readonly environment: Readonly<Record<string, string>>;
  /** Brings things back to where a run begins; not timed. */
  readonly prepare?: () => void | Promise<void>;
}

export interface Timing {
  readonly name: string;
  /** Wall time of each run in milliseconds. */
  readonly runsMs: readonly number[];
  readonly medianMs: number;
}

/** Runs the contenders in turn, so that a machine whose speed drifts treats them alike; the first round is not counted. */
export async function alternate(
  contenders: readonly Contender[],
  rounds: number,
): Promise<readonly Timing[]> {
  const runs = contenders.map((): number[] => []);
  for (let round = 0; round <= rounds; round++) {
    for (const [index, contender] of contenders.entries()) {
      await contender.prepare?.();
      const durationMs = await time(contender);
      if (round > 0) runs[index]?.push(durationMs);
    }
  }
  return contenders.map(({ name }, index) => {
    const runsMs = runs[index] ?? [];
    return { name, runsMs, medianMs: median(runsMs) };
  });
}

/** Prints a bar: its figures, the ratio of the first to the second, and the goal. */
export function printBar(title: string, timings: readonly Timing[], goal: number): void {
  console.log(`\n${title}`);
  for (const { name, runsMs, medianMs } of timings) {
    const range = `${Math.min(...runsMs).toFixed(0)} to ${Math.max(...runsMs).toFixed(0)}`;
    console.log(
      `  ${name.padEnd(34)} ${medianMs.toFixed(0).padStart(7)} ms  (${range}, ${runsMs.length} runs)`,
    );
  }
  const [ours, peer] = timings;
  if (ours === undefined || peer === undefined) return;
  const ratio = ours.medianMs / peer.medianMs;
  const verdict = ratio <= goal ? 'reached' : 'not reached';
  console.log(`  ratio ${ratio.toFixed(2)}, goal at most ${goal}: ${verdict}`);
}

export function isInstalled(program: string): boolean {
  return spawnSync('sh', ['-c', `command -v ${program}`]).status === 0;
}

async function time({ name, program, args, folder, environment }: Contender): Promise<number> {
  const startedMs = performance.now();
  const child = spawn(program, args, {
    cwd: folder,
    env: { ...environment },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let errors = '';
  child.stderr.on('data', (piece: Buffer) => (errors += piece.toString()));
  const code = await new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  const durationMs = performance.now() - startedMs;
  if (code !== 0) throw new Error(`${name} ended with ${String(code)}:\n${errors}`);
  return durationMs;
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
}
