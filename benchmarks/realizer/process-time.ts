import { readdirSync, readFileSync } from 'node:fs';

/** Ticks of the kernel's clock in a second, as /proc counts them. */
const ticksPerSecond = 100;

/** The processor time of a process, of those below it, and of those that they have waited for, in milliseconds. */
export function processorMsOf(pid: number): number {
  const processes = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => readProcess(Number(name)) ?? []);
  const isBelow = (one: Process): boolean => {
    if (one.pid === pid) return true;
    const parent = processes.find((other) => other.pid === one.parent);
    return parent !== undefined && isBelow(parent);
  };
  return processes.filter(isBelow).reduce((sum, { ticks }) => sum + ticks, 0) * (1000 / ticksPerSecond);
}

interface Process {
  readonly pid: number;
  readonly parent: number;
  readonly ticks: number;
}

function readProcess(pid: number): Process | undefined {
  let text: string;
  try {
    text = readFileSync(`/proc/${pid}/stat`, 'utf8');
  } catch {
    return undefined; // It has ended meanwhile.
  }
  // A program's name may hold blanks; the third field, its state, comes behind it.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  const [parent, ...times] = [fields[1], ...fields.slice(11, 15)].map(Number);
  return { pid, parent: parent ?? 0, ticks: times.reduce((sum, value) => sum + value, 0) };
}
