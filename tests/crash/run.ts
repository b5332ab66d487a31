import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type Fault, type FaultPlan, environmentOf } from './faults/plan.ts';
import type { Place } from './place.ts';
import type { Report } from './report.ts';
import type { Scenario } from './scenarios/scenario.ts';

/** How a process ended. */
export interface Ending {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly reports: readonly Report[];
  /** The operations that it came to, a line each, the struck one last where the process died of it. */
  readonly operations: readonly string[];
}

export interface Running {
  readonly process: ChildProcess;
  readonly ended: Promise<Ending>;
}

/** A process that takes longer than this hangs, which is a fault that no scenario may end in. */
const limitMs = 60_000;

/** Starts a scenario's process, in a process group of its own. */
export function start(
  scenario: Scenario,
  place: Place,
  fault: Fault = { kind: 'none' },
  among: FaultPlan['among'] = 'writes',
): Running {
  const notes = path.join(place.folder, 'notes');
  writeFileSync(notes, '');
  const [program, ...words] = scenario.words(place);
  const child = spawn(program, words, {
    cwd: place.work,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      PATH: process.env['PATH'],
      HOME: path.join(place.folder, 'home'),
      NODE_COMPILE_CACHE: path.join(tmpdir(), 'cab-crash-code'),
      ...environmentOf({ fault, folders: scenario.watched(place), among, notes }),
      ...scenario.environment(place),
    },
  });
  return { process: child, ended: ending(scenario, child, notes) };
}

/** The same, to its end. */
export async function run(...values: Parameters<typeof start>): Promise<Ending> {
  return await start(...values).ended;
}

async function ending(scenario: Scenario, child: ChildProcess, notes: string): Promise<Ending> {
  const output: Buffer[] = [];
  const errors: Buffer[] = [];
  child.stdout?.on('data', (piece: Buffer) => output.push(piece));
  child.stderr?.on('data', (piece: Buffer) => errors.push(piece));
  const timer = setTimeout(() => {
    errors.push(Buffer.from('it hung and was killed\n'));
    child.kill('SIGKILL');
  }, limitMs);
  const [code, signal] = (await once(child, 'close')) as [number | null, NodeJS.Signals | null];
  clearTimeout(timer);
  const stdout = Buffer.concat(output).toString();
  const stderr = Buffer.concat(errors).toString();
  const reports = scenario.reportsIn({ stdout, stderr });
  return { code, signal, stdout, stderr, reports, operations: linesOf(notes) };
}

function linesOf(file: string): readonly string[] {
  return readFileSync(file, 'utf8').split('\n').slice(0, -1);
}
