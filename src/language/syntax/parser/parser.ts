import type { Source } from '../../../diagnostics/index.ts';
import { NodeTable } from '../flat/node-table.ts';
import type { TokenTable } from '../flat/token-table.ts';
import type { Lexed } from '../lexer/lex.ts';
import { type Problem, Problems } from '../problem.ts';
import { isTriviaCode, tokenCodes, type TokenKind, tokenKinds } from '../token.ts';
import { nodeCodes, type NodeKind } from '../tree.ts';

/** What is open around the place that is parsed: its closing token is left for it, however broken the text is. */
type Closing = ')' | ']' | '}' | 'interpolation-end' | 'then' | 'else' | 'in';

const closings: ReadonlySet<TokenKind> = new Set([')', ']', '}', 'interpolation-end', 'then', 'else', 'in']);

/** The tokens that end a string, quoted identifier or island only where its own end is missing. */
const openEnds: ReadonlySet<TokenKind> = new Set([
  'text',
  'escape',
  'string-start',
  'quote-start',
  'island-start',
  'island-subtree',
]);

/** A problem at the next token: that is its place, unless it has another. */
type ProblemHere = Omit<Problem, 'start' | 'end'> & Partial<Pick<Problem, 'start' | 'end'>>;

/**
 * The state of a parse. Tokens are taken one after the other, and `wrap` makes those since a mark a node, so that what begins
 * an expression need not be known before its end is. Tokens and nodes are numbers: the places of what they stand for in
 * their tables.
 */
export class Parser {
  readonly problems: Problems;
  readonly tokens: TokenTable;
  readonly nodes: NodeTable;
  /**
   * The token that is next, trivia passed over, its kind, and the number of its kind for what is looked up in tables. Fields, since
   * nearly every step of the parser asks.
   */
  token: number;
  kind: TokenKind;
  code: number;
  /** The token behind the last that was taken. */
  private taken = 0;
  /** How many levels deep the place is that is parsed, and how many are allowed. */
  depth = 0;
  private readonly maximumDepth: number;
  private readonly swallowedTheEnd: boolean;
  /** How often each kind of token closes something that is open. */
  private readonly open = new Int32Array(tokenKinds.length);
  /** The last token that something was reported at. */
  lastReported = -1;
  /** The last token that was reported for closing nothing. */
  lastStray = -1;
  private abandoned = false;

  constructor(source: Source, lexed: Lexed, maximumDepth: number) {
    this.problems = new Problems(source, lexed.problems);
    this.tokens = lexed.tokens;
    this.nodes = new NodeTable(lexed.tokens.count);
    this.swallowedTheEnd = lexed.swallowedTheEnd;
    this.maximumDepth = maximumDepth;
    this.token = this.significant(0);
    this.code = this.tokens.kinds[this.token] as number;
    this.kind = tokenKinds[this.code] as TokenKind;
  }

  /** The token behind the next one, trivia passed over. */
  ahead(): number {
    return this.after(this.token);
  }

  /** The token behind `token`, trivia passed over; behind the end there is only the end. */
  after(token: number): number {
    return token < this.tokens.count - 1 ? this.significant(token + 1) : token;
  }

  /** Whether the last token that was taken is of the kind. */
  hasTaken(kind: TokenKind): boolean {
    return this.taken > 0 && this.tokens.kindOf(this.taken - 1) === kind;
  }

  /** The kind of the token behind the next one. */
  peek(): TokenKind {
    return this.tokens.kindOf(this.ahead());
  }

  /** Where the next token starts. */
  get start(): number {
    return this.tokens.startOf(this.token);
  }

  /** The text of the next token. */
  get text(): string {
    return this.tokens.textOf(this.token);
  }

  /** Whether the next token follows the last without a gap. */
  get isGlued(): boolean {
    return this.taken === this.token;
  }

  at(kind: TokenKind): boolean {
    return this.kind === kind;
  }

  /** Takes the next token. */
  bump(): void {
    if (this.kind === 'end') return;
    this.taken = this.token + 1;
    this.token = this.significant(this.taken);
    this.code = this.tokens.kinds[this.token] as number;
    this.kind = tokenKinds[this.code] as TokenKind;
  }

  bumpIf(kind: TokenKind): boolean {
    if (this.kind !== kind) return false;
    this.bump();
    return true;
  }

  /** The place from which `wrap` can make a node, which is the next token; the trivia before it stay outside. */
  mark(): number {
    return this.token;
  }

  /**
   * Makes all since the mark a node, unless there is nothing. `sign` is the token that tells what the node is where its kind does
   * not: an operator, the `=` of a binding, the `or` of a selection, the dots of a pattern; `missing` where a part is not there.
   */
  wrap(mark: number, kind: NodeKind, sign = 0): void {
    if (this.taken > mark) this.nodes.add(kind, mark, this.taken, sign);
  }

  /** Makes the whole text a node. */
  wrapAll(): void {
    this.nodes.add('file', 0, this.tokens.count - 1, 0);
  }

  /** The node that was finished last, or -1 if more was taken behind it. */
  get last(): number {
    const node = this.nodes.count - 1;
    return node >= 0 && this.nodes.ends[node] === this.taken ? node : -1;
  }

  /** Whether what was taken last is a node of the kind. */
  isBehind(kind: NodeKind): boolean {
    const { last } = this;
    return last !== -1 && this.nodes.kinds[last] === nodeCodes[kind];
  }

  /** Whether what was taken last is text that was not closed: it may have taken a comma with it. */
  get endsInText(): boolean {
    return this.taken > 0 && openEnds.has(this.tokens.kindOf(this.taken - 1));
  }

  /** Where the last token that was taken ends. */
  get lastEnd(): number {
    return this.tokens.startOf(this.taken);
  }

  /** Gives the last node another kind: what it is was seen only behind it. */
  rename(kind: NodeKind): void {
    this.nodes.kinds[this.last] = nodeCodes[kind];
  }

  /** Goes one level down, or says that it is one too many; whoever got true calls `leave`. */
  enter(): boolean {
    if (this.depth >= this.maximumDepth) this.abandon();
    if (this.abandoned) return false;
    this.depth++;
    return true;
  }

  leave(): void {
    this.depth--;
  }

  /** Says what the closing token of a construct is for as long as it is open. */
  opens(kind: Closing): void {
    (this.open[tokenCodes[kind]] as number)++;
  }

  closes(kind: Closing): void {
    (this.open[tokenCodes[kind]] as number)--;
  }

  /** Whether the next token ends something that is open: what stands inside must leave it alone. */
  get atBoundary(): boolean {
    return this.kind === 'end' || (this.open[this.code] as number) > 0;
  }

  /** Reports the next token if it can only close, and nothing open is closed by it. */
  reportStray(): boolean {
    if (!closings.has(this.kind) || this.atBoundary) return false;
    this.lastStray = this.token;
    this.reportHere({
      code: 'CAB1103',
      message: `'${this.text}' closes nothing that is open`,
      label: 'nothing that this ends was begun',
      hint: 'take it away, or begin before it what it is to end',
    });
    return true;
  }

  /** Reports what is wrong at the next token, unless something was: one mistake gets one diagnostic. */
  reportHere(problem: ProblemHere): void {
    if (this.wasReportedHere) return;
    this.lastReported = this.token;
    if (this.abandoned || (this.kind === 'end' && this.swallowedTheEnd)) return;
    this.report({ start: this.start, end: this.tokens.endOf(this.token), ...problem });
  }

  /** Whether something wrong at the next token has been reported, or text directly before it that no token begins with. */
  get wasReportedHere(): boolean {
    if (this.lastReported === this.token) return true;
    for (let token = this.token - 1; token >= this.taken; token--) {
      if (this.tokens.kinds[token] === tokenCodes.error) return true;
    }
    return false;
  }

  /** Takes it that what is wrong at the token is told by what has been reported. */
  silence(token: number): void {
    this.lastReported = token;
  }

  /** Reports what is wrong at a place that is behind. */
  report(problem: Problem): void {
    this.problems.report(problem);
  }

  /** Passes over the text up to a comma, to what ends something open, or to the next binding if `stop` sees one. */
  recover(stop?: (p: Parser) => boolean): void {
    const mark = this.mark();
    let depth = 0;
    while (this.kind !== 'end') {
      if (depth === 0 && (this.at(',') || this.at(';') || this.atBoundary || stop?.(this) === true)) break;
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
    this.wrap(mark, 'error');
  }

  /** Gives up on a text that nests too deeply. */
  private abandon(): void {
    if (this.abandoned) return;
    this.report({
      code: 'CAB1008',
      start: this.start,
      end: this.tokens.endOf(this.token),
      message: 'the expression is nested more deeply than there is stack for',
      label: 'too deep from here on',
      hint: 'give parts of it names with let, or move them to files of their own',
    });
    this.abandoned = true;
    this.takeRest();
  }

  private significant(from: number): number {
    const { kinds } = this.tokens;
    let token = from;
    while (isTriviaCode(kinds[token] as number)) token++;
    return token;
  }
}

/** The sign of a node in which a part is missing. */
export const missing = -1;
