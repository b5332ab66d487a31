import { readFileSync } from 'node:fs';

/**
 * How far down: what waits for bubblewrap, bubblewrap, and the first process of the sandbox, with which all others in it die. Bubblewrap
 * asks to die with its parent only once it has made the sandbox, so that whoever ends its parent before then would not end it.
 */
const depth = 3;

/** Ends a process and those below it. None of them starts another one meanwhile: each is stopped before it is asked what it has started. */
export function killTree(root: number): void {
  const all = [root];
  let level = [root];
  for (let below = 0; below < depth; below++) {
    for (const each of level) send(each, 'SIGSTOP');
    level = level.flatMap(childrenOf);
    all.push(...level);
  }
  for (const each of all.toReversed()) send(each, 'SIGKILL');
}

function childrenOf(parent: number): number[] {
  try {
    const text = readFileSync(`/proc/${parent}/task/${parent}/children`, 'latin1').trim();
    return text === '' ? [] : text.split(' ').map(Number);
  } catch {
    // It has gone, or the kernel does not tell: then what it asked for itself has to do.
    return [];
  }
}

function send(target: number, signal: NodeJS.Signals): void {
  try {
    process.kill(target, signal);
  } catch {
    // It has gone by itself.
  }
}
