import { widthOf } from './width.ts';

/**
 * Text with the choices of its layout still open, in the manner of Wadler's and of Prettier's algebra. Each document is
 * measured as it is made, so that a printer decides by comparing two numbers.
 */
export type Document = Text | Comment | Line | Sequence | Indent | Group | Hug;

/** The width of what fits on no line: a number and not infinity, which V8 would put into a box of its own each time. */
export const unbounded = 1_000_000_000;

interface Measure {
  /** How wide it is on one line; `unbounded` where it has to break. */
  readonly flat: number;
  /** How wide its first line is at least, if it breaks. */
  readonly head: number;
  readonly breaks: boolean;
}

/** Text as it is, line ends within it included, which get no indentation. */
export interface Text extends Measure {
  readonly kind: 'text';
  readonly text: string;
  /** Whether this is the quote that closes a string of several lines: hardly anything may stand behind one. */
  readonly closesLines: boolean;
}

/** A comment. Where it ends its line it is not counted, since no break would make it shorter. */
export interface Comment extends Measure {
  readonly kind: 'comment';
  readonly text: string;
  /** In which column it began: its further lines move with the first. */
  readonly column: number;
}

export interface Line extends Measure {
  readonly kind: 'line';
  /** What it is when it does not break. */
  readonly otherwise: '' | ' ';
  /** How many line ends it is when it breaks. */
  readonly ends: 0 | 1 | 2;
}

export interface Sequence extends Measure {
  readonly kind: 'sequence';
  readonly parts: readonly Document[];
}

export interface Indent extends Measure {
  readonly kind: 'indent';
  readonly content: Document;
}

/** What stands on one line if it fits; otherwise all lines directly within it break. */
export interface Group extends Measure {
  readonly kind: 'group';
  readonly content: Document;
}

/**
 * Three layouts: all on one line; else with only `core` broken, which begins on the line of `before`; else, where that line
 * would be too long already, `expanded`.
 */
export interface Hug extends Measure {
  readonly kind: 'hug';
  readonly before: Document;
  readonly core: Document;
  readonly after: Document;
  readonly expanded: Document;
}

export function text(content: string): Text {
  const end = content.indexOf('\n');
  if (end === -1) {
    const flat = widthOf(content);
    return { kind: 'text', text: content, flat, head: flat, breaks: false, closesLines: false };
  }
  const head = widthOf(content.slice(0, end));
  return { kind: 'text', text: content, flat: unbounded, head, breaks: true, closesLines: false };
}

/** Text of one line in which each character takes one column. */
export function plainText(content: string): Text {
  const flat = content.length;
  return { kind: 'text', text: content, flat, head: flat, breaks: false, closesLines: false };
}

export function closingQuote(quote: string): Text {
  return { ...text(quote), closesLines: true };
}

/** A comment that something may follow on its line. */
export function comment(content: string, column: number): Comment {
  const { flat, head, breaks } = text(content);
  return { kind: 'comment', text: content, column, flat, head, breaks };
}

/** A comment behind which the line ends. */
export function lastComment(content: string, column: number): Comment {
  if (content.includes('\n')) return comment(content, column);
  return { kind: 'comment', text: content, column, flat: 0, head: 0, breaks: false };
}

const newline = { flat: unbounded, head: 0, breaks: true } as const;

/** A blank, or a line end where the group around it breaks. */
export const line: Line = { kind: 'line', otherwise: ' ', ends: 1, flat: 1, head: 0, breaks: true };
/** Nothing, or a line end. */
export const softLine: Line = { kind: 'line', otherwise: '', ends: 1, flat: 0, head: 0, breaks: true };
/** A line end, which breaks all groups around it. */
export const hardLine: Line = { kind: 'line', otherwise: '', ends: 1, ...newline };
/** A line end with an empty line behind it. */
export const emptyLine: Line = { kind: 'line', otherwise: '', ends: 2, ...newline };
/** A blank that goes where a line ends behind it. */
export const blank: Line = { kind: 'line', otherwise: ' ', ends: 0, flat: 1, head: 1, breaks: false };

export const nothing: Document = text('');

export function sequence(...parts: readonly Document[]): Sequence {
  return measured(parts);
}

/** The same of parts that were gathered one by one: an array that grew has room to spare, which would live on with the document. */
export function sequenceOf(parts: readonly Document[]): Document {
  const [first] = parts;
  if (first === undefined) return nothing;
  return parts.length === 1 ? first : measured(parts.slice());
}

function measured(parts: readonly Document[]): Sequence {
  let flat = 0;
  let head = 0;
  let breaks = false;
  for (const part of parts) {
    flat = sumOf(flat, part.flat);
    if (breaks) continue;
    head = sumOf(head, part.breaks ? part.head : part.flat);
    breaks = part.breaks;
  }
  return { kind: 'sequence', parts, flat, head, breaks };
}

export function indent(content: Document): Indent {
  const { flat, head, breaks } = content;
  return { kind: 'indent', content, flat, head, breaks };
}

export function group(content: Document): Group {
  const { flat, head, breaks } = content;
  return { kind: 'group', content, flat, head, breaks };
}

/** A group that breaks though it may fit. */
export function brokenGroup(content: Document): Group {
  return { kind: 'group', content, flat: unbounded, head: content.head, breaks: true };
}

export function hug(before: Document, core: Document, after: Document, expanded: Document): Hug {
  const hugged = sumOf(before.flat, core.breaks ? core.head : sumOf(core.flat, after.flat));
  const head = Math.min(hugged, expanded.breaks ? expanded.head : expanded.flat);
  const flat = sumOf(before.flat, sumOf(core.flat, after.flat));
  return { kind: 'hug', before, core, after, expanded, flat, head, breaks: true };
}

function sumOf(left: number, right: number): number {
  return Math.min(left + right, unbounded);
}
