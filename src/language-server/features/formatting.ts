import type { TextEdit } from 'vscode-languageserver';
import { formatParsed } from '../../language/formatter/index.ts';
import { type AnalysedFile, rangeOf } from '../files/analysed-file.ts';

/** What lays the document out in the style of Cab; nothing where its text is broken, which its diagnostics tell. */
export function formattingEdits(file: AnalysedFile): TextEdit[] {
  const before = file.source.text;
  const formatted = formatParsed({ tree: file.tree, diagnostics: file.syntaxDiagnostics }, before);
  if (formatted.kind === 'invalid' || formatted.text === before) return [];
  const after = formatted.text;
  const start = commonStart(before, after);
  const behind = commonEnd(before, after, Math.min(before.length, after.length) - start);
  const place = { start, end: before.length - behind };
  return [{ range: rangeOf(file, place), newText: after.slice(start, after.length - behind) }];
}

/** How much both texts have in common at their start: an editor's cursor and folds stay where nothing is replaced. */
function commonStart(left: string, right: string): number {
  const limit = Math.min(left.length, right.length);
  let length = 0;
  while (length < limit && left.charCodeAt(length) === right.charCodeAt(length)) length++;
  // Neither a line end of two characters nor one character of two units is cut.
  while (length > 0 && (isHalf(left, length) || isHalf(right, length))) length--;
  return length;
}

function commonEnd(left: string, right: string, limit: number): number {
  let length = 0;
  while (
    length < limit &&
    left.charCodeAt(left.length - length - 1) === right.charCodeAt(right.length - length - 1)
  )
    length++;
  while (length > 0 && (isHalf(left, left.length - length) || isHalf(right, right.length - length))) length--;
  return length;
}

/** Whether the offset lies within what belongs together. */
function isHalf(text: string, offset: number): boolean {
  const before = text.charCodeAt(offset - 1);
  return (before === 0x0d && text.charCodeAt(offset) === 0x0a) || before >>> 10 === 0x36;
}
