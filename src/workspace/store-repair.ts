import type { Diagnostic } from '../diagnostics/index.ts';
import { BoundedPool, type StorePath, compareCodePoints } from '../foundation/index.ts';
import { Remaker } from '../realizer/index.ts';
import type { RepairAction, Salvaged, VerifyCounts, VerifyFinding } from '../store/index.ts';
import type { Workspace } from './workspace.ts';

/** What a look at the store found, and what was done about it. */
export interface RepairReport {
  readonly counts: VerifyCounts;
  readonly findings: readonly VerifyFinding[];
  readonly actions: readonly RepairAction[];
  /** What became of the database, where it was damaged. */
  readonly salvaged?: Salvaged;
}

export interface RepairWatch {
  readonly onSalvaged: (salvaged: Salvaged) => void;
  readonly onFinding: (finding: VerifyFinding) => void;
  readonly onAction: (action: RepairAction) => void;
}

/**
 * Verifies the store and puts right what is wrong: with what is on this machine first, then with what realizers have, then by
 * making outputs again, and what cannot be had is taken out.
 */
export async function repairStore(workspace: Workspace, watch: RepairWatch): Promise<RepairReport> {
  const salvaged = workspace.salvageStore();
  if (salvaged !== undefined) watch.onSalvaged(salvaged);
  const { store } = workspace;
  const findings: VerifyFinding[] = [];
  const actions: RepairAction[] = [];
  const verification = store.verify();
  for await (const finding of verification) {
    findings.push(finding);
    watch.onFinding(finding);
  }
  if (findings.length > 0 || salvaged !== undefined) {
    const repair = store.repair((action) => {
      actions.push(action);
      watch.onAction(action);
    });
    await repair.mend(findings);
    const broken = repair.broken();
    const { failures, fetched } = await workspace.interruptible(() => makeAgain(workspace, broken));
    for (const path of broken) if (!failures.has(path)) repair.madeAgain(path, fetched.get(path));
    repair.takeOut(failures);
    await repair.finish();
  }
  return { counts: verification.counts, findings, actions, ...(salvaged && { salvaged }) };
}

interface MadeAgain {
  /** Why some are not whole all the same. */
  readonly failures: ReadonlyMap<StorePath, string>;
  /** From which realizer some came, that did not have to be made. */
  readonly fetched: ReadonlyMap<StorePath, string>;
}

/** Has outputs fetched from realizers that have them whole, or made again. */
async function makeAgain(workspace: Workspace, paths: readonly StorePath[]): Promise<MadeAgain> {
  const fetched = new Map<StorePath, string>();
  if (paths.length === 0) return { failures: new Map(), fetched };
  const { store, realizers, emit, signal, configuration } = workspace;
  const remaker = new Remaker({ store, realizers, context: { emit, signal } });
  const pool = new BoundedPool(configuration.cores);
  const failures = new Map<StorePath, string>();
  await Promise.all(
    paths.map(async (path) => {
      const remade = await pool.run(() => remaker.remake(path), signal);
      if (!remade.ok) failures.set(path, remade.diagnostics.map(reasonOf).join('; '));
      else if (remade.how === 'fetched') fetched.set(path, remade.from);
    }),
  );
  return { failures: new Map([...failures].toSorted(([a], [b]) => compareCodePoints(a, b))), fetched };
}

function reasonOf({ message }: Diagnostic): string {
  return message;
}
