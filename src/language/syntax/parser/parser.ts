import type { Diagnostic, Source } from '../../../diagnostics/index.ts';
import type { Lexed } from '../lexer/lex.ts';
import { diagnosticOf, type Problem } from '../problem.ts';
import { isTrivia, type Token, type TokenKind } from '../token.ts';
import { isNode, type NodeKind, type SyntaxElement, type SyntaxNode } from '../tree.ts';

/**
 * How deep an expression may nest, which the parser follows by recursion, and how high its tree may become, in which long
 * chains of operators count too. With these bounds every reader of a tree may recurse and stays well within the default
 * stack; what people write stays far below them.
 */
const maximumDepth = 256;
const maximumHeight = 1024;

/** What is open around the place that is parsed: its closing token is left for it, however broken the text is. */
type Closing = ')' | ']' | '}' | 'interpolation-end' | 'then' | 'else' | 'in';

const closings: readonly TokenKind[] = [')', ']', '}', 'interpolation-end', 'then', 'else', 'in'];

/** The tokens that end a string, quoted identifier or island only where its own end is missing. */
const openEnds: readonly TokenKind[] = [
  'text',
  'escape',
  'string-start',
  'quote-start',
  'island-start',
  'island-subtree',
];

/**
 * The state of a parse. Elements are gathered on one stack; `wrap` makes those since a mark the children of a node, so
 * that what begins an expression need not be known before its end is.
 */
export class Parser {
  readonly source: Source;
  readonly diagnostics: Diagnostic[];
  private readonly tokens: readonly Token[];
  private readonly swallowedTheEnd: boolean;
  private readonly elements: SyntaxElement[] = [];
  /** The height of each element, for the bound on it. */
  private readonly heights: number[] = [];
  private readonly open = new Map<TokenKind, number>();
  /** The token that is next, trivia passed over. A field and not a getter, since nearly every step of the parser asks. */
  token: Token;
  kind: TokenKind;
  private index = 0;
  /** The first token that is not among the elements yet. */
  private flushed = 0;
  private depth = 0;
  private lastReported = -1;
  private abandoned = false;

  constructor(source: Source, lexed: Lexed) {
    this.source = source;
    this.tokens = lexed.tokens;
    this.diagnostics = lexed.diagnostics;
    this.swallowedTheEnd = lexed.swallowedTheEnd;
    this.index = this.significant(0);
    this.token = this.tokens[this.index] as Token;
    this.kind = this.token.kind;
  }

  /** The token behind the next one, or `count` further, trivia passed over. */
  peek(count = 1): Token {
    let index = this.index;
    for (let step = 0; step < count && index < this.tokens.length - 1; step++)
      index = this.significant(index + 1);
    return this.tokens[index] as Token;
  }

  /** Whether the next token follows the last without a gap. */
  get isGlued(): boolean {
    return this.flushed === this.index;
  }

  at(kind: TokenKind): boolean {
    return this.kind === kind;
  }

  /** Takes the next token. */
  bump(): void {
    if (this.kind === 'end') return;
    this.flush();
    this.push(this.token, 0);
    this.flushed = this.index + 1;
    this.index = this.significant(this.flushed);
    this.token = this.tokens[this.index] as Token;
    this.kind = this.token.kind;
  }

  bumpIf(kind: TokenKind): boolean {
    if (this.kind !== kind) return false;
    this.bump();
    return true;
  }

  /** The place from which `wrap` can make a node; the trivia before it stay outside. */
  mark(): number {
    this.flush();
    return this.elements.length;
  }

  /** Makes all since the mark a node, unless there is nothing. */
  wrap(mark: number, kind: NodeKind): void {
    if (this.elements.length === mark) return;
    let height = 0;
    for (let index = mark; index < this.heights.length; index++)
      height = Math.max(height, this.heights[index] as number);
    this.heights.length = mark;
    const children = this.elements.splice(mark);
    const first = children[0] as SyntaxElement;
    this.push({ kind, start: first.start, end: endOf(children.at(-1)), children }, height + 1);
    if (height + 1 >= maximumHeight && kind !== 'file')
      this.abandon(`of more than ${maximumHeight} parts within parts`);
  }

  /** The node that was finished last. */
  get last(): SyntaxNode | undefined {
    const element = this.elements.at(-1);
    return element !== undefined && isNode(element) ? element : undefined;
  }

  /** Whether what was taken last is text that was not closed: it may have taken a comma with it. */
  get endsInText(): boolean {
    let element: SyntaxElement | undefined = this.elements.at(-1);
    while (element !== undefined && isNode(element)) element = element.children.at(-1);
    return element !== undefined && openEnds.includes(element.kind);
  }

  /** Where the last token that was taken ends. */
  get lastEnd(): number {
    const element = this.elements.at(-1);
    return element === undefined ? 0 : endOf(element);
  }

  /** What has been taken since the mark. */
  elementsSince(mark: number): readonly SyntaxElement[] {
    return this.elements.slice(mark);
  }

  /** The first token since the mark. */
  firstSince(mark: number): Token | undefined {
    let element: SyntaxElement | undefined = this.elements[mark];
    while (element !== undefined && isNode(element)) element = element.children[0];
    return element;
  }

  /** Gives the last node another kind: what it is was seen only behind it. */
  rename(kind: NodeKind): void {
    const { last } = this;
    if (last !== undefined) this.elements[this.elements.length - 1] = { ...last, kind };
  }

  /** Goes one level down, or says that it is one too many; whoever got true calls `leave`. */
  enter(): boolean {
    if (this.depth >= maximumDepth) this.abandon(`more than ${maximumDepth} levels deep`);
    if (this.abandoned) return false;
    this.depth++;
    return true;
  }

  leave(): void {
    this.depth--;
  }

  /** Says what the closing token of a construct is for as long as it is open. */
  opens(kind: Closing): void {
    this.open.set(kind, (this.open.get(kind) ?? 0) + 1);
  }

  closes(kind: Closing): void {
    this.open.set(kind, (this.open.get(kind) ?? 0) - 1);
  }

  /** Whether the next token ends something that is open: what stands inside must leave it alone. */
  get atBoundary(): boolean {
    return this.kind === 'end' || (this.open.get(this.kind) ?? 0) > 0;
  }

  /** Reports the next token if it can only close, and nothing open is closed by it. */
  reportStray(): boolean {
    if (!closings.includes(this.kind) || this.atBoundary) return false;
    this.reportHere({ code: 'CAB1103', message: `'${this.token.text}' closes nothing that is open` });
    return true;
  }

  /** Reports what is wrong at the next token, unless something was: one mistake gets one diagnostic. */
  reportHere(problem: Omit<Problem, 'start' | 'end'> & Partial<Pick<Problem, 'start' | 'end'>>): void {
    if (this.lastReported === this.index) return;
    this.lastReported = this.index;
    if (this.abandoned || (this.kind === 'end' && this.swallowedTheEnd)) return;
    this.report({ start: this.token.start, end: endOf(this.token), ...problem });
  }

  /** Whether something wrong at the next token has been reported. */
  get wasReportedHere(): boolean {
    return this.lastReported === this.index;
  }

  /** Reports what is wrong at a place that is behind. */
  report(problem: Problem): void {
    this.diagnostics.push(diagnosticOf(this.source, problem));
  }

  /** Passes over the text up to a comma, to what ends something open, or to the next binding if `stop` sees one. */
  recover(stop: () => boolean = () => false): void {
    const mark = this.mark();
    let depth = 0;
    while (this.kind !== 'end') {
      if (depth === 0 && (this.at(',') || this.at(';') || this.atBoundary || stop())) break;
      if (this.kind === '(' || this.kind === '[' || this.kind === '{' || this.kind === 'interpolation-start')
        depth++;
      if (
        depth > 0 &&
        (this.kind === ')' || this.kind === ']' || this.kind === '}' || this.kind === 'interpolation-end')
      )
        depth--;
      this.bump();
    }
    this.wrap(mark, 'error');
  }

  /** Takes all that is left, as an error. */
  takeRest(): void {
    const mark = this.mark();
    while (this.kind !== 'end') this.bump();
    this.flush();
    this.wrap(mark, 'error');
  }

  /** Gives up on a text that nests too deeply. */
  private abandon(extent: string): void {
    if (this.abandoned) return;
    this.report({
      code: 'CAB1008',
      start: this.token.start,
      end: endOf(this.token),
      message: `the expression is ${extent}`,
      hint: 'give parts of it names with let, or move them to files of their own',
    });
    this.abandoned = true;
    this.takeRest();
  }

  private significant(from: number): number {
    let index = from;
    while (isTrivia((this.tokens[index] as Token).kind)) index++;
    return index;
  }

  private flush(): void {
    while (this.flushed < this.index) this.push(this.tokens[this.flushed++] as Token, 0);
  }

  private push(element: SyntaxElement, height: number): void {
    this.elements.push(element);
    this.heights.push(height);
  }
}

function endOf(element: SyntaxElement): number {
  return isNode(element) ? element.end : element.start + element.text.length;
}
