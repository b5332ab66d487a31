import { type InlayHint, MarkupKind, type Range } from 'vscode-languageserver';
import type { AnalysedFile } from '../files/analysed-file.ts';
import { nodesOf } from '../files/nodes-of.ts';
import { shortPin } from '../islands/locked.ts';
import { writtenIsland } from '../islands/written-island.ts';
import type { Session } from '../session.ts';
import { inlineCode } from '../text.ts';

/** Behind each island of the range the revision that the lock pins it to, short. */
export function inlayHintsIn(session: Session, file: AnalysedFile, range: Range): InlayHint[] {
  const { document } = file;
  const [start, end] = [document.offsetAt(range.start), document.offsetAt(range.end)];
  const locked = session.locks.pinsFor(file.place);
  if (locked.size === 0) return [];
  return nodesOf(file, 'island').flatMap((node) => {
    if (node.end < start || node.start > end) return [];
    const written = writtenIsland(node);
    if (written.end < start || written.end > end || written.result?.ok !== true) return [];
    const pins = locked.get(written.result.island.key);
    const label = pins && shortPin(pins);
    if (pins === undefined || label === undefined) return [];
    const lines = Object.entries(pins).map(([format, value]) => `- ${format}: ${inlineCode(value)}`);
    return [
      {
        position: document.positionAt(written.end),
        label,
        paddingLeft: true,
        tooltip: { kind: MarkupKind.Markdown, value: `Pinned in cab.lock:\n\n${lines.join('\n')}` },
      },
    ];
  });
}
