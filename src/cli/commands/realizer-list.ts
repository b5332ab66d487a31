import { type RealizerReport, surveyRealizers } from '../../workspace/index.ts';
import type { Command } from '../command.ts';
import { flag, jsonOption, openWorkspace } from '../options.ts';
import { realizerJson } from '../realizer-text.ts';
import { alignedLines } from '../table.ts';

/** `cab realizer list`. */
export const realizerList: Command = {
  name: 'realizer list',
  usage: '',
  summary: 'show which realizers there are, and what each offers',
  description: `
The one inside of this cab, and those that the configuration names, in a line each: name, address, whether it is
there, and its features. All are asked at the same time, and one that does not answer is said to be so.

  cab realizer list
  cab realizer list --json`,
  wordsLimit: 0,
  options: { json: jsonOption },
  async run(context, values) {
    const workspace = openWorkspace(context, values);
    try {
      const reports = await surveyRealizers(workspace, workspace.realizerNames);
      if (flag(values, 'json')) context.print(realizerJson(reports));
      else context.print(alignedLines(reports.map(rowOf), ['left', 'left', 'left', 'left']));
    } finally {
      await workspace.close();
    }
  },
};

function rowOf(report: RealizerReport): readonly string[] {
  const { name, address = '' } = report;
  if (report.state === 'unavailable')
    return [name, address, report.state, `${report.diagnostic.code}: see cab realizer status ${name}`];
  return [name, address, report.state, report.features.join(', ')];
}
