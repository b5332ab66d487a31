import type { Diagnostic } from './diagnostic.ts';
import { anchor, excerpt, type Mark } from './rendering/excerpt.ts';
import { coloured, type Paint, uncoloured } from './rendering/style.ts';
import { visible } from './rendering/visible.ts';
import { positionOf, type Source, type Span } from './source.ts';

export interface RenderOptions {
  /** Whether to colour by ANSI escapes. */
  readonly color: boolean;
  /** The columns of the terminal; longer lines of source are cut. */
  readonly width?: number;
}

const defaultWidth = 120;

/** The diagnostic as every tool shows it: sentence, place, excerpt, notes, trace, hint; without a line end behind it. */
export function renderDiagnostic(diagnostic: Diagnostic, options: RenderOptions): string {
  const paint = options.color ? coloured : uncoloured;
  const { severity, code, message } = diagnostic;
  const lines = [`${paint(severity, `${severity}[${code}]`)}${paint('sentence', `: ${visible(message)}`)}`];
  const marks = marksOf(diagnostic);
  const gutter = Math.max(1, ...marks.map(({ span }) => String(lastLine(span)).length));
  const columns = Math.max(20, (options.width ?? defaultWidth) - gutter - 3);
  for (const [source, own] of bySource(marks)) {
    const arrow = paint('frame', `${' '.repeat(gutter)}-->`);
    lines.push(`${arrow} ${placeOf((own[0] as Mark).span)}`);
    lines.push(...excerpt(source, own, { paint, gutter, columns }));
  }
  const remark = (word: string, text: string): void => {
    lines.push(...remarkLines(paint, gutter, word, text));
  };
  for (const note of diagnostic.notes ?? []) remark('note', note);
  for (const label of diagnostic.trace ?? []) remark('trace', `${label.message} at ${placeOf(label.span)}`);
  if (diagnostic.hint !== undefined) remark('hint', diagnostic.hint);
  return lines.join('\n');
}

function marksOf(diagnostic: Diagnostic): readonly Mark[] {
  const { primary, labels = [], severity } = diagnostic;
  const others = labels.map((label): Mark => ({ ...label, role: 'other', sign: '-' }));
  return primary === undefined ? others : [{ ...primary, role: severity, sign: '^' }, ...others];
}

/** The marks of each source together, in the order in which sources are first met. */
function bySource(marks: readonly Mark[]): ReadonlyMap<Source, readonly Mark[]> {
  const sources = new Map<Source, Mark[]>();
  for (const mark of marks) {
    const known = [...sources.keys()].find((source) => isSame(source, mark.span.source)) ?? mark.span.source;
    sources.set(known, [...(sources.get(known) ?? []), mark]);
  }
  return sources;
}

/** A file may have been read twice in one run; it is one file to the reader. */
function isSame(left: Source, right: Source): boolean {
  return left === right || (left.name === right.name && left.text === right.text);
}

function lastLine(span: Span): number {
  const { source, start, end } = anchor(span);
  return positionOf(source, Math.max(start, end - 1)).line;
}

/** `file:line:column` */
function placeOf(span: Span): string {
  const { source, start } = anchor(span);
  const { line, column } = positionOf(source, start);
  return `${visible(source.name)}:${line}:${column}`;
}

function remarkLines(paint: Paint, gutter: number, word: string, text: string): readonly string[] {
  const [first = '', ...rest] = text.split(/\r?\n/).map(visible);
  const indentation = ' '.repeat(gutter + 3 + word.length + 2);
  const sign = paint('frame', `${' '.repeat(gutter)} =`);
  return [
    `${sign} ${paint('word', `${word}:`)} ${first}`,
    ...rest.map((line) => (line === '' ? '' : indentation + line)),
  ];
}

export { diagnosticToJson } from './json.ts';
