import { DiagnosticError } from '../../diagnostics/index.ts';
import { type RealizerReport, surveyRealizers } from '../../workspace/index.ts';
import type { Command } from '../command.ts';
import { flag, jsonOption, openWorkspace } from '../options.ts';
import { realizerJson, realizerText } from '../realizer-text.ts';

/** `cab realizer status`. */
export const realizerStatus: Command = {
  name: 'realizer status',
  usage: '[NAME…]',
  summary: 'ask realizers what they are, what they do, and how far away they are',
  description: `
Of each realizer that is named, or of all: address, state, version, features, how many programs run and wait, how
long it takes to answer, the size of its store, and the name by which it knows this client. All are asked at the
same time. Exits with 1 if one that is named cannot be worked with.

  cab realizer status                every realizer
  cab realizer status workshop       one of them
  cab realizer status --json         for programs`,
  options: { json: jsonOption },
  async run(context, values, words) {
    const workspace = openWorkspace(context, values);
    try {
      const names = words.length > 0 ? [...new Set(words)] : workspace.realizerNames;
      const reports = await surveyRealizers(workspace, names);
      context.print(flag(values, 'json') ? realizerJson(reports) : reports.map(realizerText).join('\n'));
      if (words.length > 0) failWhereUnavailable(reports);
    } finally {
      await workspace.close();
    }
  },
};

function failWhereUnavailable(reports: readonly RealizerReport[]): void {
  const failures = reports.flatMap((report) => (report.state === 'unavailable' ? [report.diagnostic] : []));
  if (failures.length > 0) throw new DiagnosticError(failures);
}
