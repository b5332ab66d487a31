import type { Diagnostic, Source } from '../../../diagnostics/index.ts';
import { diagnosticOf, type Problem } from '../problem.ts';
import type { Token, TokenKind } from '../token.ts';

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
  readonly source: Source;
  readonly text: string;
  readonly tokens: Token[] = [];
  readonly diagnostics: Diagnostic[] = [];
  readonly frames: Frame[] = [codeFrame('file')];
  position = 0;
  /** Whether a string or comment without an end has taken all that was left. */
  swallowedTheEnd = false;

  constructor(source: Source) {
    this.source = source;
    this.text = source.text;
  }

  /** Makes the text from here to `end` a token. */
  emit(kind: TokenKind, end: number): void {
    this.tokens.push({ kind, start: this.position, text: this.text.slice(this.position, end) });
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

  report(problem: Problem): void {
    this.diagnostics.push(diagnosticOf(this.source, problem));
  }

  openInterpolation(): void {
    this.emit('interpolation-start', this.position + 2);
    this.frames.push(codeFrame('interpolation'));
  }
}

export function codeFrame(region: CodeFrame['region']): CodeFrame {
  return { kind: 'code', region, open: [], count: { '(': 0, '[': 0, '{': 0 } };
}
