import { type CodeAction, CodeActionKind, type Diagnostic, type Range } from 'vscode-languageserver';
import { type AnalysedFile, rangeOf } from '../files/analysed-file.ts';
import { type Finding, type Fix, findingsIn } from '../findings/index.ts';
import type { Session } from '../session.ts';
import { diagnosticOf } from './diagnostics.ts';

/** The fixes of what is found in a range. `shown` are the diagnostics that the editor shows there. */
export function codeActionsIn(
  session: Session,
  file: AnalysedFile,
  range: Range,
  shown: readonly Diagnostic[],
): CodeAction[] {
  const { document } = file;
  const [start, end] = [document.offsetAt(range.start), document.offsetAt(range.end)];
  return findingsIn(session, file)
    .filter((finding) => finding.start <= end && start <= finding.end)
    .flatMap((finding) => (finding.fixes ?? []).map((fix) => actionOf(file, finding, fix, shown)));
}

function actionOf(file: AnalysedFile, finding: Finding, fix: Fix, shown: readonly Diagnostic[]): CodeAction {
  const { message, code } = diagnosticOf(file, finding);
  const fixed = shown.filter((diagnostic) => diagnostic.code === code && diagnostic.message === message);
  const edits = fix.changes.map((change) => ({ range: rangeOf(file, change), newText: change.text }));
  return {
    title: fix.title,
    kind: CodeActionKind.QuickFix,
    diagnostics: fixed,
    isPreferred: fix.isPreferred,
    edit: { changes: { [file.uri]: edits } },
  };
}
