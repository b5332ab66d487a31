import { DiagnosticError } from '../../diagnostics/index.ts';
import {
  type RepairReport,
  type Salvaged,
  type VerifyFinding,
  type Workspace,
  repairStore,
} from '../../workspace/index.ts';
import type { Command, CommandContext } from '../command.ts';
import { flag, jsonOption, openWorkspace } from '../options.ts';

/** `cab store verify`. */
export const storeVerify: Command = {
  name: 'store verify',
  usage: '',
  summary: 'hash everything in the store again, and say or put right what is not as it should be',
  description: `
Hashes every blob, reads every tree, and looks whether all that a tree names is there, and whether what is on disk
is what it should be. Others may build meanwhile. Exits with 1 if anything is wrong.

With --repair what is wrong is put right: from another copy on this machine, or by building or fetching the
output again, which has to come out as it was. What cannot be had is taken out of the store, with all that refers
to it, and the next build makes it anew. Then it exits with 1 only if something had to be taken out.`,
  wordsLimit: 0,
  options: {
    repair: { type: 'boolean', description: 'put right what is wrong' },
    json: jsonOption,
  },
  async run(context, values) {
    const workspace = openWorkspace(context, values);
    try {
      const isJson = flag(values, 'json');
      if (flag(values, 'repair')) await repair(context, workspace, isJson);
      else await verify(context, workspace, isJson);
    } finally {
      await workspace.close();
    }
  },
};

async function verify(context: CommandContext, workspace: Workspace, isJson: boolean): Promise<void> {
  const findings: VerifyFinding[] = [];
  const verification = workspace.store.verify();
  for await (const finding of verification) {
    findings.push(finding);
    if (!isJson) context.print(lineOf(finding));
  }
  const { counts } = verification;
  if (isJson) context.print(json({ counts, findings }));
  else context.print(`${looked(counts)}, ${findings.length} wrong\n`);
  if (findings.length > 0) throw damaged(findings.length);
}

async function repair(context: CommandContext, workspace: Workspace, isJson: boolean): Promise<void> {
  const print = isJson ? () => undefined : context.print;
  const report = await repairStore(workspace, {
    onSalvaged: (salvaged) => print(salvagedLine(salvaged)),
    onFinding: (finding) => print(lineOf(finding)),
    onAction: (action) => print(lineOf(action)),
  });
  if (isJson) context.print(json(report));
  print(`${looked(report.counts)}, ${report.findings.length} wrong${summaryOf(report)}\n`);
  const lost = report.actions.filter(({ kind }) => kind === 'taken-out').length;
  if (lost > 0) throw takenOut(lost);
  if (report.salvaged?.isComplete === false) throw forgotten();
}

function lineOf({
  kind,
  path,
  detail,
}: {
  readonly kind: string;
  readonly path: string;
  readonly detail: string;
}) {
  return `${kind}: ${path}: ${detail}\n`;
}

function salvagedLine({ kept, trees, outputs, realisations, claims }: Salvaged): string {
  const taken = `${trees} trees, ${outputs} outputs, ${realisations} realisations and ${claims} claims were taken over`;
  return `database-damaged: ${kept}: it is kept here, and ${taken} from it\n`;
}

function looked({ blobs, trees, outputs }: RepairReport['counts']): string {
  return `${blobs} blobs, ${trees} trees and ${outputs} outputs verified`;
}

function summaryOf({ findings, actions }: RepairReport): string {
  if (findings.length === 0) return '';
  const count = (kind: string): number => actions.filter((action) => action.kind === kind).length;
  const words = [
    `${count('restored')} restored`,
    ...(count('fetched') === 0 ? [] : [`${count('fetched')} fetched`]),
    `${count('made-again')} made again`,
    `${count('materialised')} materialised anew`,
    `${count('taken-out')} taken out`,
  ];
  return `: ${words.join(', ')}`;
}

function json(value: object): string {
  return `${JSON.stringify(value, undefined, 2)}\n`;
}

function damaged(findings: number): DiagnosticError {
  return new DiagnosticError({
    code: 'CAB5003',
    severity: 'error',
    message: `the store is damaged in ${findings} place${findings === 1 ? '' : 's'}`,
    hint: "run 'cab store verify --repair'",
  });
}

function forgotten(): DiagnosticError {
  return new DiagnosticError({
    code: 'CAB5009',
    severity: 'error',
    message:
      'the store works again, but its database could not be read in full: what is not known any more is lost',
    hint: 'build again: what is missing is made anew',
  });
}

function takenOut(count: number): DiagnosticError {
  const what = count === 1 ? 'one output' : `${count} outputs`;
  return new DiagnosticError({
    code: 'CAB5009',
    severity: 'error',
    message: `the store works again, but ${what} could not be had again, and had to be taken out`,
    hint: 'build again: what is missing is made anew',
  });
}
