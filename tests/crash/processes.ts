import { readFileSync, readdirSync } from 'node:fs';

/** The processes that a process has started, and those that these have started; on Linux. */
export function descendantsOf(pid: number): readonly number[] {
  const children = new Map<number, number[]>();
  for (const name of readdirSync('/proc')) {
    const parent = parentOf(name);
    if (parent !== undefined) children.set(parent, [...(children.get(parent) ?? []), Number(name)]);
  }
  const found: number[] = [];
  const waiting = [pid];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const own = children.get(next) ?? [];
    found.push(...own);
    waiting.push(...own);
  }
  return found;
}

function parentOf(name: string): number | undefined {
  if (!/^[0-9]+$/.test(name)) return undefined;
  try {
    const status = readFileSync(`/proc/${name}/stat`, 'latin1');
    // The second field is the command in parentheses and may hold anything; the parent is the fourth.
    return Number(status.slice(status.lastIndexOf(')') + 2).split(' ')[1]);
  } catch {
    return undefined;
  }
}
