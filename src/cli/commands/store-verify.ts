import { DiagnosticError } from '../../diagnostics/index.ts';
import type { Command } from '../command.ts';
import { openWorkspace } from '../options.ts';

/** `cab store verify`. */
export const storeVerify: Command = {
  name: 'store verify',
  usage: '',
  summary: 'hash everything in the store again, and say what is not as it should be',
  description: `
Hashes every blob, reads every tree, and looks whether all that a tree names is there. Exits with 1 if anything is
wrong.`,
  wordsLimit: 0,
  options: {},
  async run(context, values) {
    const workspace = openWorkspace(context, values);
    try {
      let findings = 0;
      const verification = workspace.store.verify();
      for await (const finding of verification) {
        findings++;
        context.print(`${finding.kind}: ${finding.path}: ${finding.detail}\n`);
      }
      const { blobs, trees, outputs } = verification.counts;
      context.print(`${blobs} blobs, ${trees} trees and ${outputs} outputs verified, ${findings} wrong\n`);
      if (findings > 0) throw damaged(findings);
    } finally {
      await workspace.close();
    }
  },
};

function damaged(findings: number): DiagnosticError {
  return new DiagnosticError({
    code: 'CAB5003',
    severity: 'error',
    message: `the store is damaged in ${findings} place${findings === 1 ? '' : 's'}`,
    hint: 'remove the store and build again: what is pinned comes back as it was',
  });
}
