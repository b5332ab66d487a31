import { type StorePath, isTurnOver, nextTurn } from '../../foundation/index.ts';
import type { Outputs } from '../outputs.ts';
import type { OutputRecord } from '../records.ts';
import type { Trees } from '../trees.ts';
import type { ExchangedOutput } from './exchanged-output.ts';

export interface FindingParts {
  readonly outputs: Outputs;
  readonly trees: Trees;
}

/** How many outputs are marked, and directories measured, at once. */
const atOnce = 500;

/** Those of the outputs that are there, each once and marked as used. */
export async function findOutputs(
  paths: Iterable<StorePath>,
  parts: FindingParts,
): Promise<readonly ExchangedOutput[]> {
  return await exchanged(await findRecords([...new Set(paths)], parts.outputs), parts);
}

/** The same with all that they refer to, each behind what it refers to. */
export async function findClosure(
  paths: Iterable<StorePath>,
  parts: FindingParts,
): Promise<readonly ExchangedOutput[]> {
  const wanted = await findRecords([...new Set(paths)], parts.outputs);
  const known = new Map(wanted.map((record) => [record.path, record]));
  const ordered: OutputRecord[] = [];
  const entered = new Set<StorePath>();
  const way: { readonly record: OutputRecord; readonly waiting: StorePath[] }[] = [];
  const enter = (record: OutputRecord): void => {
    entered.add(record.path);
    way.push({ record, waiting: record.references.filter((path) => path !== record.path) });
  };
  for (const root of wanted) {
    if (!entered.has(root.path)) enter(root);
    for (let step = way.at(-1); step !== undefined; step = way.at(-1)) {
      const path = step.waiting.pop();
      if (path === undefined) {
        ordered.push(step.record);
        way.pop();
        continue;
      }
      if (entered.has(path)) continue;
      const record = known.get(path) ?? parts.outputs.get(path);
      // What is used keeps all that it refers to.
      if (record === undefined)
        throw new Error(`'${path}' is not in the store, and '${step.record.path}' is`);
      enter(record);
      if (isTurnOver()) await nextTurn();
    }
  }
  return await exchanged(ordered, parts);
}

async function findRecords(paths: readonly StorePath[], outputs: Outputs): Promise<readonly OutputRecord[]> {
  const records: OutputRecord[] = [];
  for (let start = 0; start < paths.length; start += atOnce) {
    for (const path of outputs.use(paths.slice(start, start + atOnce))) {
      const record = outputs.get(path);
      if (record !== undefined) records.push(record);
      if (isTurnOver()) await nextTurn();
    }
  }
  return records;
}

async function exchanged(
  records: readonly OutputRecord[],
  { trees }: FindingParts,
): Promise<readonly ExchangedOutput[]> {
  const found: ExchangedOutput[] = [];
  for (let start = 0; start < records.length; start += atOnce) {
    const some = records.slice(start, start + atOnce);
    const sizes = trees.sizes(some.map(({ tree }) => tree));
    for (const record of some) {
      const treeSize = sizes.get(record.tree);
      if (treeSize !== undefined) found.push({ ...record, treeSize });
    }
    if (isTurnOver()) await nextTurn();
  }
  return found;
}
