import type { Digest, StorePath } from '../../foundation/index.ts';
import type { Metadata } from '../metadata.ts';

export interface JudgedOutput {
  readonly id: number;
  readonly path: StorePath;
  readonly tree: Digest;
  /** When it, or what refers to it, was last used, in milliseconds since 1970. */
  readonly usedMs: number;
}

export interface Judgement {
  readonly live: readonly JudgedOutput[];
  /** In the order in which they may go: the least recently used ones first, and none before what refers to it. */
  readonly dead: readonly JudgedOutput[];
}

/** Which outputs are kept, by roots or since they were used at the boundary or later, or because such a one refers to them. */
export function judgeOutputs(
  metadata: Metadata,
  roots: ReadonlySet<StorePath>,
  boundaryMs: number,
): Judgement {
  const outputs = new Map<number, JudgedOutput>();
  const rows = metadata.all('SELECT id, path, tree, used FROM outputs WHERE present = 1');
  for (const { id, path, tree, used } of rows) {
    outputs.set(id as number, {
      id: id as number,
      path: path as StorePath,
      tree: tree as Digest,
      usedMs: used as number,
    });
  }
  const references = new References(metadata);
  const isKept = ({ path, usedMs }: JudgedOutput): boolean => usedMs >= boundaryMs || roots.has(path);
  const waiting = [...outputs.values()].filter(isKept).map(({ id }) => id);
  // What came to refer to an output since the rows were read is not known here, and keeps it.
  waiting.push(...references.targetsOfOthers(outputs));
  const live = new Set<number>();
  for (let id = waiting.pop(); id !== undefined; id = waiting.pop()) {
    if (live.has(id)) continue;
    live.add(id);
    waiting.push(...references.of(id));
  }
  const dead = [...outputs.values()].filter(({ id }) => !live.has(id));
  return {
    live: [...outputs.values()].filter(({ id }) => live.has(id)),
    dead: inOrder(dead, references),
  };
}

class References {
  readonly #targets = new Map<number, number[]>();

  constructor(metadata: Metadata) {
    const rows = metadata.all('SELECT output, reference FROM output_references WHERE output != reference');
    for (const row of rows) {
      const [output, reference] = [row['output'] as number, row['reference'] as number];
      const before = this.#targets.get(output);
      if (before === undefined) this.#targets.set(output, [reference]);
      else before.push(reference);
    }
  }

  of(id: number): readonly number[] {
    return this.#targets.get(id) ?? [];
  }

  /** What is referred to by others than these. */
  targetsOfOthers(known: ReadonlyMap<number, unknown>): number[] {
    return [...this.#targets].flatMap(([id, targets]) => (known.has(id) ? [] : targets));
  }
}

function inOrder(dead: readonly JudgedOutput[], references: References): JudgedOutput[] {
  const usedMs = new Map(dead.map((output) => [output.id, output.usedMs]));
  const referrersFirst = sortedReferrersFirst(dead, references);
  for (const { id } of referrersFirst) {
    const own = usedMs.get(id) as number;
    for (const target of references.of(id)) usedMs.set(target, Math.max(usedMs.get(target) ?? 0, own));
  }
  const aged = referrersFirst.map((output) => ({ ...output, usedMs: usedMs.get(output.id) as number }));
  // The sort is stable: where times are equal, what refers stays before what it refers to.
  return aged.toSorted((a, b) => a.usedMs - b.usedMs);
}

/** References run in no circles: a path depends on the content that mentions the other one. */
function sortedReferrersFirst(dead: readonly JudgedOutput[], references: References): JudgedOutput[] {
  const byId = new Map(dead.map((output) => [output.id, output]));
  const referrers = new Map<number, number>();
  for (const { id } of dead) {
    for (const target of references.of(id)) referrers.set(target, (referrers.get(target) ?? 0) + 1);
  }
  const sorted = dead.filter(({ id }) => !referrers.has(id));
  for (const { id } of sorted) {
    for (const target of references.of(id)) {
      const left = (referrers.get(target) as number) - 1;
      referrers.set(target, left);
      const output = byId.get(target);
      if (left === 0 && output !== undefined) sorted.push(output);
    }
  }
  return sorted;
}
