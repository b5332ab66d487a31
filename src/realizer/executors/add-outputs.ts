import { type ResolvedDerivation, scratchPathOf } from '../../derivations/index.ts';
import { type StorePath, hashPartOfStorePath } from '../../foundation/index.ts';
import type { OutputRecord, PreparedTree } from '../../store/index.ts';
import type { ExecutionResult } from './executor.ts';

/**
 * Adds what a program left, each output after those that it mentions: where these lie is known by then, and takes the place of the
 * paths that the program knew them by.
 */
export function addOutputs(
  derivation: ResolvedDerivation,
  prepared: ReadonlyMap<string, PreparedTree>,
): ExecutionResult {
  const records: Record<string, OutputRecord> = {};
  const placed = new Map<StorePath, StorePath>();
  const waiting = new Set(prepared.keys());
  const mentionedBy = (output: string): readonly string[] =>
    [...waiting].filter((other) => {
      const hashPart = hashPartOfStorePath(scratchPathOf(derivation, other));
      return other !== output && prepared.get(output)?.mentions.has(hashPart);
    });
  while (waiting.size > 0) {
    const next = [...waiting].find((output) => mentionedBy(output).length === 0);
    if (next === undefined) return circle([...waiting], mentionedBy);
    const record = (prepared.get(next) as PreparedTree).add(placed);
    records[next] = record;
    placed.set(scratchPathOf(derivation, next), record.path);
    waiting.delete(next);
  }
  return { outcome: 'finished', outputs: inOrder(derivation.outputs, records) };
}

function inOrder(
  outputs: readonly string[],
  records: Readonly<Record<string, OutputRecord>>,
): Readonly<Record<string, OutputRecord>> {
  return Object.fromEntries(outputs.map((output) => [output, records[output] as OutputRecord]));
}

/** Outputs that mention each other have no order in which the place of each is known when it is needed. */
function circle(
  [output = '']: readonly string[],
  mentionedBy: (output: string) => readonly string[],
): ExecutionResult {
  const way = [output];
  for (let next = mentionedBy(output)[0]; next !== undefined; next = mentionedBy(next)[0]) {
    way.push(next);
    if (way.indexOf(next) < way.length - 1) break;
  }
  const from = way.indexOf(way.at(-1) ?? '');
  const names = way.slice(from).map((name) => `'${name}'`);
  return { outcome: 'failed', reason: `its outputs mention each other in a circle: ${names.join(' → ')}` };
}
