import type { Source } from '../../diagnostics/index.ts';
import type { NodeKind, SyntaxNode } from '../syntax/index.ts';
import {
  bindingsOf,
  callOf,
  isBare,
  keysOf,
  operandsOf,
  staticName,
  tokenOf,
  valueOf,
  withinParentheses,
} from './nodes.ts';
import { useFrom } from './lookup.ts';
import type { Definition, Resolution } from './scope.ts';

/** A text that was read, with what its names mean. */
export interface ReadFile {
  readonly source: Source;
  readonly tree: SyntaxNode;
  readonly resolution: Resolution;
}

/** What is known of a value without evaluating anything. */
export type Shape =
  | AttributesShape
  /** A lambda, which gives what its body is. */
  | { readonly kind: 'lambda'; readonly file: ReadFile; readonly node: SyntaxNode }
  /** A name that the evaluator brings, called with so many arguments so far. */
  | { readonly kind: 'global'; readonly name: string; readonly applied: number }
  /** A number, string, path, island or list, as written. */
  | { readonly kind: 'literal'; readonly file: ReadFile; readonly node: SyntaxNode };

export interface AttributesShape {
  readonly kind: 'attributes';
  readonly members: ReadonlyMap<string, Member>;
  /** Whether there certainly are no others. */
  readonly isComplete: boolean;
}

/** Bindings that have the member's key at the index `depth` of their path. */
interface Entry {
  readonly binding: SyntaxNode;
  readonly depth: number;
}

/** An attribute that is written somewhere. */
export interface Member {
  readonly name: string;
  readonly file: ReadFile;
  /** Where its name is written: in several places where it is bound by parts. */
  readonly keys: readonly SyntaxNode[];
  readonly entries: readonly Entry[];
  /** Whether it is a field of a pattern: what it is bound to is only its default. */
  readonly isField: boolean;
}

/** Finds the file that an `import` of this argument reads. */
export type FindImported = (from: ReadFile, argument: SyntaxNode) => ReadFile | undefined;

/** How far names and imports are followed. */
const longestChain = 64;

/** Reads what values are made of, over names, selections, updates, calls and imports. */
export class ShapeReader {
  readonly #imported: FindImported;
  #depth = 0;

  constructor(imported: FindImported) {
    this.#imported = imported;
  }

  shapeOf(file: ReadFile, written: SyntaxNode | undefined): Shape | undefined {
    const node = written && withinParentheses(written);
    if (node === undefined || this.#depth >= longestChain) return undefined;
    this.#depth++;
    try {
      return shapesByKind[node.kind]?.(this, file, node);
    } finally {
      this.#depth--;
    }
  }

  /** What a name of a text stands for. */
  shapeOfDefinition(file: ReadFile, { kind, sites, scope }: Definition): Shape | undefined {
    if (kind === 'self') return this.shapeOf(file, scope.node);
    if (kind === 'arguments') return argumentsShape(file, scope.node);
    if (kind !== 'let') return undefined;
    return this.#shapeOfEntries(
      file,
      sites.flatMap(({ binding }) => (binding === undefined ? [] : [{ binding, depth: 0 }])),
    );
  }

  shapeOfMember({ file, entries, isField }: Member): Shape | undefined {
    return isField ? undefined : this.#shapeOfEntries(file, entries);
  }

  /** The attribute at the end of a path of names. */
  memberAt(shape: Shape | undefined, path: readonly string[]): Member | undefined {
    const [name, ...rest] = path;
    const member = name === undefined || shape?.kind !== 'attributes' ? undefined : shape.members.get(name);
    return member === undefined || rest.length === 0
      ? member
      : this.memberAt(this.shapeOfMember(member), rest);
  }

  /** What a selection of the path gives. */
  select(shape: Shape | undefined, path: readonly (string | undefined)[]): Shape | undefined {
    let current = shape;
    for (const name of path) {
      if (name === undefined) return undefined;
      if (current?.kind === 'global' && current.name === 'builtins') {
        current = { kind: 'global', name, applied: 0 };
        continue;
      }
      const member = this.memberAt(current, [name]);
      current = member && this.shapeOfMember(member);
    }
    return current;
  }

  shapeOfName(file: ReadFile, node: SyntaxNode): Shape | undefined {
    const name = staticName(node);
    if (name === undefined) return undefined;
    const use = useFrom(file.resolution, node.start);
    if (use?.definition === undefined) return { kind: 'global', name, applied: 0 };
    return this.shapeOfDefinition(file, use.definition);
  }

  shapeOfUpdate(file: ReadFile, node: SyntaxNode): Shape | undefined {
    if (tokenOf(node, '//') === undefined) return undefined;
    const [left, right] = operandsOf(node).map((operand) => this.shapeOf(file, operand));
    if (left?.kind !== 'attributes' && right?.kind !== 'attributes') return undefined;
    const [under, over] = [left, right].map((shape) =>
      shape?.kind === 'attributes' ? shape : unknownAttributes,
    );
    return {
      kind: 'attributes',
      members: new Map([...(under as AttributesShape).members, ...(over as AttributesShape).members]),
      isComplete: (under as AttributesShape).isComplete && (over as AttributesShape).isComplete,
    };
  }

  shapeOfCall(file: ReadFile, node: SyntaxNode): Shape | undefined {
    const call = callOf(node);
    const callee = call && this.shapeOf(file, call.callee);
    if (call === undefined || callee === undefined) return undefined;
    if (callee.kind === 'lambda') return this.shapeOf(callee.file, bodyOf(callee.node));
    if (callee.kind !== 'global') return undefined;
    if (callee.name !== 'import') return { ...callee, applied: callee.applied + 1 };
    const target = this.#imported(file, withinParentheses(call.argument) ?? call.argument);
    return target && this.shapeOf(target, target.tree);
  }

  #shapeOfEntries(file: ReadFile, entries: readonly Entry[]): Shape | undefined {
    const whole = entries.find(({ binding, depth }) => keysOf(binding).length <= depth + 1);
    if (whole === undefined) {
      const below = entries.map(({ binding, depth }) => ({ binding, depth: depth + 1 }));
      return { kind: 'attributes', ...membersOf(file, below, false) };
    }
    const { binding } = whole;
    if (!isBare(binding)) return this.shapeOf(file, valueOf(binding));
    const [key] = keysOf(binding);
    return key && this.#shapeOfBare(file, key);
  }

  /** What a name alone, as in `{ d, }`, stands for. */
  #shapeOfBare(file: ReadFile, key: SyntaxNode): Shape | undefined {
    if (this.#depth >= longestChain) return undefined;
    this.#depth++;
    try {
      return this.shapeOfName(file, key);
    } finally {
      this.#depth--;
    }
  }
}

type ShapeOfKind = (reader: ShapeReader, file: ReadFile, node: SyntaxNode) => Shape | undefined;

const asLiteral: ShapeOfKind = (_reader, file, node) => ({ kind: 'literal', file, node });

/** What each kind of expression is; of those that are missing only evaluation knows. */
const shapesByKind: Partial<Record<NodeKind, ShapeOfKind>> = {
  name: (reader, file, node) => reader.shapeOfName(file, node),
  attributes: (_reader, file, node) => attributesShape(file, node),
  lambda: (_reader, file, node) => ({ kind: 'lambda', file, node }),
  let: (reader, file, node) => reader.shapeOf(file, bodyOf(node)),
  if: (reader, file, node) => {
    const [, whenTrue, whenFalse] = operandsOf(node);
    return merged(reader.shapeOf(file, whenTrue), reader.shapeOf(file, whenFalse));
  },
  binary: (reader, file, node) => reader.shapeOfUpdate(file, node),
  select: (reader, file, node) => {
    const [subject] = operandsOf(node);
    return reader.select(reader.shapeOf(file, subject), keysOf(node).map(staticName));
  },
  apply: (reader, file, node) => reader.shapeOfCall(file, node),
  pipe: (reader, file, node) => reader.shapeOfCall(file, node),
  integer: asLiteral,
  float: asLiteral,
  string: asLiteral,
  path: asLiteral,
  island: asLiteral,
  list: asLiteral,
};

const unknownAttributes: AttributesShape = { kind: 'attributes', members: new Map(), isComplete: false };

/** The body of a lambda or `let`. */
export function bodyOf(node: SyntaxNode): SyntaxNode | undefined {
  const operands = operandsOf(node);
  return node.kind === 'lambda' ? operands[1] : operands.find(({ kind }) => kind !== 'binding');
}

/** The pattern of a lambda that has one. */
export function patternOf(lambda: SyntaxNode): SyntaxNode | undefined {
  const [parameter] = operandsOf(lambda);
  return parameter?.kind === 'pattern' ? parameter : undefined;
}

/** The attributes that a lambda's pattern names. */
export function argumentsShape(file: ReadFile, lambda: SyntaxNode): AttributesShape | undefined {
  const pattern = patternOf(lambda);
  if (pattern === undefined) return undefined;
  const entries = bindingsOf(pattern).map((binding) => ({ binding, depth: 0 }));
  const { members, isComplete } = membersOf(file, entries, true);
  return { kind: 'attributes', members, isComplete: isComplete && tokenOf(pattern, '...') === undefined };
}

function attributesShape(file: ReadFile, node: SyntaxNode): AttributesShape {
  const entries = bindingsOf(node).map((binding) => ({ binding, depth: 0 }));
  return { kind: 'attributes', ...membersOf(file, entries, false) };
}

function membersOf(
  file: ReadFile,
  entries: readonly Entry[],
  isField: boolean,
): { readonly members: ReadonlyMap<string, Member>; readonly isComplete: boolean } {
  const members = new Map<string, Member & { readonly keys: SyntaxNode[]; readonly entries: Entry[] }>();
  let isComplete = true;
  for (const entry of entries) {
    const key = keysOf(entry.binding)[entry.depth];
    const name = key && staticName(key);
    if (key === undefined || name === undefined) {
      isComplete = false;
      continue;
    }
    const member = members.get(name) ?? { name, file, keys: [], entries: [], isField };
    member.keys.push(key);
    member.entries.push(entry);
    members.set(name, member);
  }
  return { members, isComplete };
}

function merged(left: Shape | undefined, right: Shape | undefined): Shape | undefined {
  if (left?.kind !== 'attributes' || right?.kind !== 'attributes') return left ?? right;
  return { kind: 'attributes', members: new Map([...right.members, ...left.members]), isComplete: false };
}
