import { type Diagnostic, diagnosticToJson } from '../diagnostics/index.ts';
import type { RealizerReport } from '../workspace/index.ts';
import { shownSize } from './sizes.ts';

/** The reports as `--json` prints them. */
export function realizerJson(reports: readonly RealizerReport[]): string {
  const all = reports.map((report) =>
    report.state === 'unavailable' ? { ...report, diagnostic: diagnosticToJson(report.diagnostic) } : report,
  );
  return `${JSON.stringify(all, undefined, 2)}\n`;
}

/** A report as a block of lines. */
export function realizerText(report: RealizerReport): string {
  const { name, address } = report;
  const facts = [...(address === undefined ? [] : [['address', address]]), ...factsOf(report)];
  return `${name}\n${facts.map(([what, value]) => `  ${what?.padEnd(9)} ${value}\n`).join('')}`;
}

function factsOf(report: RealizerReport): readonly (readonly [string, string])[] {
  if (report.state === 'unavailable') return factsOfFailure(report.diagnostic);
  const { state, version, features, load, latencyMs, store, client } = report;
  const facts: (readonly [string, string] | undefined)[] = [
    ['state', state === 'draining' ? 'draining: it takes no new work' : state],
    ['version', version],
    ['features', features.join(', ')],
    ['load', `${load.running} running, ${load.queued} waiting, ${load.capacity} at once`],
    latencyMs === undefined ? undefined : ['latency', `${latencyMs.toFixed(1)} ms`],
    store === undefined ? undefined : ['store', sizeOf(store)],
    client === undefined ? undefined : ['client', client],
  ];
  return facts.filter((fact) => fact !== undefined);
}

function factsOfFailure({ message, hint }: Diagnostic): readonly (readonly [string, string])[] {
  const state = ['state', `unavailable: ${message}`] as const;
  return hint === undefined ? [state] : [state, ['hint', hint]];
}

function sizeOf({ bytes, limitBytes }: { readonly bytes: number; readonly limitBytes?: number }): string {
  return limitBytes === undefined ? shownSize(bytes) : `${shownSize(bytes)} of ${shownSize(limitBytes)}`;
}
