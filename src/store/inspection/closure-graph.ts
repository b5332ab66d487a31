import type { StorePath } from '../../foundation/index.ts';
import { notInStore } from '../faults.ts';
import type { OutputRecord } from '../records.ts';
import type { Store } from '../store.ts';

/** The outputs of a closure and what each refers to, as the store had them at one moment. */
export class ClosureGraph {
  /** Sorted by path. */
  readonly records: ReadonlyMap<StorePath, OutputRecord>;

  private constructor(records: ReadonlyMap<StorePath, OutputRecord>) {
    this.records = records;
  }

  /** @throws DiagnosticError CAB5004 where one of them is not there. */
  static of(store: Store, roots: Iterable<StorePath>): ClosureGraph {
    const records = store.closure(roots).map((path) => {
      const record = store.get(path);
      if (record === undefined) throw notInStore(`'${path}'`);
      return [path, record] as const;
    });
    return new ClosureGraph(new Map(records));
  }

  /** What an output of the closure refers to besides itself. */
  referencesOf(path: StorePath): readonly StorePath[] {
    return this.record(path).references.filter((reference) => reference !== path);
  }

  /** How many steps it is from an output to each that it refers to, directly or not; 0 to itself. */
  stepsFrom(path: StorePath): ReadonlyMap<StorePath, number> {
    return stepsAlong(path, (each) => this.referencesOf(each));
  }

  /** How many steps it is to an output from each that refers to it, directly or not; 0 from itself. */
  stepsTo(path: StorePath): ReadonlyMap<StorePath, number> {
    const referrers = new Map<StorePath, StorePath[]>();
    for (const each of this.records.keys()) {
      for (const reference of this.referencesOf(each)) {
        const known = referrers.get(reference);
        if (known === undefined) referrers.set(reference, [each]);
        else known.push(each);
      }
    }
    return stepsAlong(path, (each) => referrers.get(each) ?? []);
  }

  record(path: StorePath): OutputRecord {
    const record = this.records.get(path);
    if (record === undefined) throw new Error(`${path} is not in this closure`);
    return record;
  }
}

function stepsAlong(
  start: StorePath,
  next: (path: StorePath) => readonly StorePath[],
): ReadonlyMap<StorePath, number> {
  const steps = new Map([[start, 0]]);
  // A map can be gone through while it grows, in the order in which it does.
  for (const [path, count] of steps) {
    for (const other of next(path)) if (!steps.has(other)) steps.set(other, count + 1);
  }
  return steps;
}
