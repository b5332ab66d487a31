import { createRequire } from 'node:module';
import type * as jsdiff from 'diff';
import { shownName } from './browsing.ts';

/** One side of a change, with its content. */
export interface PatchSide {
  /** As git writes it, such as `100644`. */
  readonly mode: string;
  /** Undefined where it is too large to be compared line by line. */
  readonly content: Uint8Array | undefined;
}

export interface FilePatch {
  readonly path: string;
  readonly before: PatchSide | undefined;
  readonly after: PatchSide | undefined;
}

/** How many lines may have to be taken out and put in; two texts that differ in more have nothing to do with each other. */
const editLimit = 20_000;
const contextLines = 3;
/** How far git looks for a zero byte, to tell a text. */
const sniffedBytes = 8000;

/** The lines that differ; undefined where one of the sides is no text, or they have too little in common. */
export function hunksOf({ before, after }: FilePatch): readonly jsdiff.StructuredPatchHunk[] | undefined {
  const [old, text] = [textOf(before), textOf(after)];
  if (old === undefined || text === undefined) return undefined;
  // Loaded only where lines are compared.
  const { structuredPatch } = createRequire(import.meta.url)('diff') as typeof jsdiff;
  const options = { context: contextLines, maxEditLength: editLimit };
  return structuredPatch('', '', old, text, undefined, undefined, options)?.hunks;
}

/** A change in the form that `git apply` and `patch -p1` take. */
export function formatPatch(patch: FilePatch): string {
  const { path, before, after } = patch;
  const name = shownName(path);
  const [from, to] = [
    before === undefined ? '/dev/null' : `a/${name}`,
    after === undefined ? '/dev/null' : `b/${name}`,
  ];
  const head = `diff --git a/${name} b/${name}\n${modeLines(before, after)}`;
  const hunks = hunksOf(patch);
  if (hunks === undefined) return `${head}Binary files ${from} and ${to} differ\n`;
  if (hunks.length === 0) return head;
  return `${head}--- ${from}\n+++ ${to}\n${hunks.map(formatHunk).join('')}`;
}

function modeLines(before: PatchSide | undefined, after: PatchSide | undefined): string {
  if (before === undefined) return `new file mode ${after?.mode}\n`;
  if (after === undefined) return `deleted file mode ${before.mode}\n`;
  return before.mode === after.mode ? '' : `old mode ${before.mode}\nnew mode ${after.mode}\n`;
}

function formatHunk({ oldStart, oldLines, newStart, newLines, lines }: jsdiff.StructuredPatchHunk): string {
  return `@@ -${range(oldStart, oldLines)} +${range(newStart, newLines)} @@\n${lines.map((line) => `${line}\n`).join('')}`;
}

/** The unified format names the line before where there are none. */
function range(start: number, lines: number): string {
  if (lines === 0) return `${start - 1},0`;
  return lines === 1 ? String(start) : `${start},${lines}`;
}

function textOf(side: PatchSide | undefined): string | undefined {
  if (side === undefined) return '';
  if (side.content === undefined) return undefined;
  const bytes = Buffer.from(side.content.buffer, side.content.byteOffset, side.content.byteLength);
  return bytes.subarray(0, sniffedBytes).includes(0) ? undefined : bytes.toString('utf8');
}
