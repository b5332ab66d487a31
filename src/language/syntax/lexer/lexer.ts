import type { Source } from '../../../diagnostics/index.ts';
import { TokenTable } from '../flat/token-table.ts';
import { type Problem, Problems } from '../problem.ts';
import { tokenCodes, type TokenKind } from '../token.ts';

/** Code between brackets of its own: the file, an interpolation, or the options of an island. */
export interface CodeFrame {
  readonly kind: 'code';
  readonly region: 'file' | 'interpolation' | 'options';
  /** The brackets that are open in this region, and how many of each kind. */
  readonly open: Bracket[];
  readonly count: Record<Bracket, number>;
}

export type Bracket = '(' | '[' | '{';

export interface TextFrame {
  readonly kind: 'string' | 'lines' | 'quoted';
  readonly start: number;
  /** In a string of several lines the first quote that is not alone on its line: where a closing quote may be misplaced. */
  misplaced?: number;
}

interface PathFrame {
  readonly kind: 'path';
}

export interface IslandFrame {
  readonly kind: 'island';
  readonly start: number;
  section: 'body' | 'subtree' | 'tail';
}

export type Frame = CodeFrame | TextFrame | PathFrame | IslandFrame;

/**
 * The state of a scan. What a character means depends on what it stands in, so frames are stacked; the stack is
 * an array and not recursion, since a text may nest as deeply as it likes.
 */
export class Lexer {
  readonly text: string;
  readonly length: number;
  readonly tokens: TokenTable;
  readonly problems: Problems;
  /** The innermost frame; the others are on the stack. */
  frame: Frame = codeFrame('file');
  readonly #outer: Frame[] = [];
  position = 0;
  /** Whether a string or comment without an end has taken all that was left. */
  swallowedTheEnd = false;
  /** Endings that were searched for in all that is left, in vain: to search again each time would take the square of the time. */
  readonly #missing = new Set<string>();

  constructor(source: Source) {
    this.text = source.text;
    this.length = source.text.length;
    this.tokens = new TokenTable(source.text);
    this.problems = new Problems(source);
  }

  enter(frame: Frame): void {
    this.#outer.push(this.frame);
    this.frame = frame;
  }

  /** Leaves the innermost frame. That of the file has none around it, and is never left. */
  leave(): void {
    this.frame = this.#outer.pop() as Frame;
  }

  /** Makes the text from here to `end` a token. */
  emit(kind: TokenKind, end: number): void {
    this.emitCode(tokenCodes[kind], end);
  }

  /** The same for the number of a kind. */
  emitCode(code: number, end: number): void {
    this.tokens.add(code, this.position);
    this.position = end;
  }

  /** Makes a token of what the sticky pattern matches here, if it does. */
  emitMatch(kind: TokenKind, pattern: RegExp): boolean {
    const end = this.endOfMatch(pattern, this.position);
    if (end === undefined) return false;
    this.emit(kind, end);
    return true;
  }

  /** Where the match of the sticky pattern at `start` ends. */
  endOfMatch(pattern: RegExp, start: number): number | undefined {
    pattern.lastIndex = start;
    return pattern.test(this.text) ? pattern.lastIndex : undefined;
  }

  startsWith(text: string): boolean {
    return this.text.startsWith(text, this.position);
  }

  /** What `find` finds in the text that is left; once it found nothing it is not asked again. */
  search(ending: string, find: () => number | undefined): number | undefined {
    if (this.#missing.has(ending)) return undefined;
    const found = find();
    if (found === undefined) this.#missing.add(ending);
    return found;
  }

  report(problem: Problem): void {
    this.problems.report(problem);
  }

  openInterpolation(): void {
    this.emit('interpolation-start', this.position + 2);
    this.enter(codeFrame('interpolation'));
  }
}

export function codeFrame(region: CodeFrame['region']): CodeFrame {
  return { kind: 'code', region, open: [], count: { '(': 0, '[': 0, '{': 0 } };
}
