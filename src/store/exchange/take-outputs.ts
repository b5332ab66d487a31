import type { StorePath } from '../../foundation/index.ts';
import type { BlobReference } from '../blobs.ts';
import type { Outputs } from '../outputs.ts';
import type { OutputRecord } from '../records.ts';
import { checkedRecord } from './checked-record.ts';
import {
  type ExchangedOutput,
  type Lacking,
  nothingLacking,
  refersToAllOf,
  rootOf,
} from './exchanged-output.ts';
import { cannotTake } from './faults.ts';
import type { KnownTrees } from './known-trees.ts';
import type { PossibleMentions } from './possible-mentions.ts';
import { type ContentSource, type IntakePlace, TreeIntake } from './tree-intake.ts';
import { TreeSummaries } from './tree-summaries.ts';

export interface TakingPlace extends IntakePlace {
  readonly outputs: Outputs;
  readonly mentions: PossibleMentions;
  readonly known: KnownTrees;
  /** Records outputs at once. */
  readonly commit: (outputs: readonly OutputRecord[]) => void;
}

/**
 * Takes outputs from another store: content is asked for from the roots down, verified, put, and the outputs are recorded at once when all
 * of it is there. Where something is lacking, that is answered, and nothing is recorded.
 *
 * @throws DiagnosticError CAB5032 where one is not what it says.
 */
export async function takeOutputs(
  offered: readonly ExchangedOutput[],
  source: ContentSource,
  place: TakingPlace,
): Promise<Lacking> {
  const outputs = newOnes(offered, place.outputs);
  if (outputs.length === 0) return nothingLacking;
  checkReferences(outputs, offered, place.outputs);
  const others = (asked: readonly BlobReference[]) => place.known.others(asked, place.outputs);
  const intake = new TreeIntake(source, { ...place, others });
  const lacking = await intake.take(outputs.map(rootOf));
  if (lacking.directories.length + lacking.blobs.length > 0) return lacking;
  await intake.put();
  const { readTree } = intake;
  const summaries = new TreeSummaries({ ...place, readTree });
  const parts = { ...place, readTree, summaries, together: offered.map(({ path }) => path) };
  const records: OutputRecord[] = [];
  for (const output of outputs) records.push(await checkedRecord(output, parts));
  place.commit(withPresentReferences(records, place.outputs));
  summaries.keep();
  return nothingLacking;
}

/**
 * Takes what outputs are made of, and records none of them: of what is recorded already it brings what is lacking all the same, as where
 * somebody has found it damaged.
 */
export async function takeTrees(
  outputs: readonly ExchangedOutput[],
  source: ContentSource,
  place: IntakePlace,
): Promise<Lacking> {
  const intake = new TreeIntake(source, place);
  const lacking = await intake.take(outputs.map(rootOf));
  if (lacking.directories.length + lacking.blobs.length === 0) await intake.put();
  return lacking;
}

/** What the store has stays as it is, unless it may refer to more than was known when it came. */
function newOnes(offered: readonly ExchangedOutput[], known: Outputs): readonly ExchangedOutput[] {
  const there = known.use(offered.map(({ path }) => path));
  const byPath = new Map(offered.map((output) => [output.path, output]));
  return [...byPath.values()].filter((output) => {
    const record = there.has(output.path) ? known.get(output.path) : undefined;
    return record?.tree !== output.tree || !refersToAllOf(record, output);
  });
}

function checkReferences(
  outputs: readonly ExchangedOutput[],
  offered: readonly ExchangedOutput[],
  known: Outputs,
): void {
  const together = new Set(offered.map(({ path }) => path));
  const others = new Set(
    outputs.flatMap(({ references }) => references).filter((path) => !together.has(path)),
  );
  const there = known.use(others);
  for (const { path, references } of outputs) {
    const missing = references.find((reference) => !together.has(reference) && !there.has(reference));
    if (missing !== undefined)
      throw cannotTake(`'${path}'`, `it refers to '${missing}', which neither comes with it nor is there`);
  }
}

/** An output of the store that a new one mentions counts only if it is still there. */
function withPresentReferences(records: readonly OutputRecord[], known: Outputs): readonly OutputRecord[] {
  const own = new Set<StorePath>(records.map(({ path }) => path));
  const others = new Set(records.flatMap(({ references }) => references).filter((path) => !own.has(path)));
  const there = known.use(others);
  return records.map((record) => ({
    ...record,
    references: record.references.filter((path) => own.has(path) || there.has(path)),
  }));
}
