import { type Diagnostic, DiagnosticError } from '../diagnostics/index.ts';
import type { RemoteRealizer } from '../realizer/client/index.ts';
import { type EmbeddedRealizer, type Load, RealizerUnavailable } from '../realizer/index.ts';
import { cabVersion } from './version.ts';
import type { Workspace } from './workspace.ts';

/** What a realizer says of itself, or why it says nothing. */
export type RealizerReport = RealizerPlace &
  (RealizerState | { readonly state: 'unavailable'; readonly diagnostic: Diagnostic });

interface RealizerPlace {
  readonly name: string;
  /** Of one that is not inside of this process. */
  readonly address?: string;
}

interface RealizerState {
  /** One that is `draining` is about to end, and takes no new work. */
  readonly state: 'serving' | 'draining';
  /** Of Cab. */
  readonly version: string;
  /** Sorted. */
  readonly features: readonly string[];
  readonly load: Load;
  /** Of a realizer elsewhere: how long it takes to answer, in milliseconds. */
  readonly latencyMs?: number;
  /** In bytes; without a limit where there is none. */
  readonly store?: { readonly bytes: number; readonly limitBytes?: number };
  /** The name by which it knows this client. */
  readonly client?: string;
  /** When it was started, in milliseconds since 1970. */
  readonly startedMs?: number;
}

/** Asks realizers what they are, all of them at once. */
export async function surveyRealizers(
  workspace: Workspace,
  names: readonly string[],
): Promise<readonly RealizerReport[]> {
  // One that there is not is told before any is asked.
  const realizers = names.map((name) => workspace.realizer(name));
  try {
    return await workspace.interruptible(() => Promise.all(realizers.map(reportOn)));
  } finally {
    await Promise.all(realizers.map((realizer) => realizer.close()));
  }
}

async function reportOn(realizer: EmbeddedRealizer | RemoteRealizer): Promise<RealizerReport> {
  if (!('remote' in realizer)) return await reportOnEmbedded(realizer);
  const place = { name: realizer.name, address: realizer.address };
  try {
    return { ...place, ...(await stateOf(realizer)) };
  } catch (error) {
    if (!(error instanceof DiagnosticError)) throw error;
    const diagnostic = error instanceof RealizerUnavailable ? error.diagnostic : error.diagnostics[0];
    return { ...place, state: 'unavailable', diagnostic: diagnostic as Diagnostic };
  }
}

async function reportOnEmbedded(realizer: EmbeddedRealizer): Promise<RealizerReport> {
  return {
    name: realizer.name,
    state: 'serving',
    version: cabVersion(),
    features: [...(await realizer.features())].toSorted(),
    load: await realizer.load(),
  };
}

async function stateOf(realizer: RemoteRealizer): Promise<RealizerState> {
  const latencyMs = await realizer.latencyMs();
  const status = await realizer.status(Number.POSITIVE_INFINITY);
  const { version, features, store, client, started, draining } = status;
  const [bytes, limitBytes] = [Number(store?.bytes ?? 0), Number(store?.limitBytes ?? 0)];
  return {
    state: draining ? 'draining' : 'serving',
    version,
    features: features.toSorted(),
    load: await realizer.load(),
    latencyMs,
    store: { bytes, ...(limitBytes > 0 && { limitBytes }) },
    client,
    ...(started !== undefined && { startedMs: Number(started.seconds) * 1000 }),
  };
}
