import type { NodeTable } from '../flat/node-table.ts';
import type { TokenTable } from '../flat/token-table.ts';
import type {
  AttributeKey,
  Expression,
  NameParameter,
  Parameter,
  PatternField,
  Parts,
} from '../expression.ts';
import type { Problems } from '../problem.ts';
import { nodeCodes } from '../tree.ts';
import { DuplicateCheck } from './duplicates.ts';
import { NameCache } from './names.ts';

/** `a.b = value` with what there is of it: the value may be missing where the path is not. */
export interface SeenBinding {
  readonly path: readonly AttributeKey[];
  readonly value: Expression | undefined;
  readonly start: number;
  readonly end: number;
}

/** What the view makes of a node, by its kind; undefined where something is missing, which has been reported. */
export type Seen = Expression | Parameter | PatternField | SeenBinding | AttributeKey | Parts | undefined;

/**
 * Reads the untyped tree as the typed one, node by node: those within a node lie before it, so that nothing here goes deeper where
 * the text does. Parts are seen even where the whole cannot be, so that all that is wrong with their meaning
 * (names bound twice) is reported in the same run.
 */
export class View {
  readonly tokens: TokenTable;
  readonly nodes: NodeTable;
  readonly problems: Problems;
  readonly names: NameCache;
  readonly duplicates: DuplicateCheck;
  /** What each node was seen as. */
  readonly seen: Seen[];

  constructor(tokens: TokenTable, nodes: NodeTable, problems: Problems) {
    this.tokens = tokens;
    this.nodes = nodes;
    this.problems = problems;
    this.names = new NameCache(tokens.text);
    // oxlint-disable-next-line unicorn/no-new-array -- an array that grows to so many is copied again and again
    this.seen = new Array<Seen>(nodes.count);
    this.duplicates = new DuplicateCheck(problems);
  }

  startOf(node: number): number {
    return this.tokens.starts[this.nodes.firsts[node] as number] as number;
  }

  endOf(node: number): number {
    return this.tokens.starts[this.nodes.ends[node] as number] as number;
  }

  /** The first token of a node. */
  firstToken(node: number): number {
    return this.nodes.firsts[node] as number;
  }

  /** Whether the number of the kind of a node is this one. */
  isKind(node: number, code: number): boolean {
    return this.nodes.kinds[node] === code;
  }

  /** The last part of a node that means something, or -1; what recovery passed over means nothing. */
  lastOperand(node: number): number {
    return this.#unlessError(this.nodes.lastChild(node), node);
  }

  /** The part before another one, or -1. */
  operandBefore(child: number, node: number): number {
    return child === -1 ? -1 : this.#unlessError(this.nodes.childBefore(child, node), node);
  }

  /** The expression that a part of the tree was seen as. */
  expression(node: number): Expression | undefined {
    return node === -1 ? undefined : (this.seen[node] as Expression | undefined);
  }

  /** The text of a node of one token. */
  textOf(node: number): string {
    return this.tokens.textOf(this.firstToken(node));
  }

  /** The text of a node of one token, which is a name. */
  nameOf(node: number): string {
    const token = this.firstToken(node);
    return this.names.nameAt(this.tokens.startOf(token), this.tokens.endOf(token));
  }

  /** The name before the `@` of attributes or a pattern. */
  bindOf(node: number): NameParameter | undefined {
    const token = this.firstToken(node);
    if (this.tokens.kindOf(token) !== 'identifier') return undefined;
    const { tokens, names } = this;
    return {
      kind: 'name',
      name: names.nameAt(tokens.startOf(token), tokens.endOf(token)),
      start: tokens.startOf(token),
      end: tokens.endOf(token),
    };
  }

  #unlessError(child: number, node: number): number {
    let operand = child;
    while (operand !== -1 && this.isKind(operand, nodeCodes.error))
      operand = this.nodes.childBefore(operand, node);
    return operand;
  }
}
