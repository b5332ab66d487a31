import {
  Attributes,
  BuiltinFunction,
  Lambda,
  type List,
  type Slot,
  type Value,
  isList,
  showName,
  typeNameOf,
} from '../../language/evaluation/index.ts';
import type { Project } from '../../workspace/index.ts';
import { parameterText, signatureOf } from './function-text.ts';
import { Looker } from './looker.ts';
import { type Paper, layOut, paint } from './text.ts';

/** How deep attributes and lists are opened, and how many attributes, and elements of a list, are looked at. */
const limits = { depth: 4, attributes: 60, elements: 16 } as const;

/**
 * The type of a value as its structure tells it: `{ a : integer, b : [string] }`, `{ name, ... } => …`. Of what is within it
 * no more is evaluated than what is shown.
 */
export function typeText(project: Project, paper: Paper, value: Value): string {
  return new Typer(new Looker(project), paper).describe(value, 0, 0);
}

class Typer {
  readonly #looker: Looker;
  readonly #paper: Paper;
  readonly #around = new Set<Value>();

  constructor(looker: Looker, paper: Paper) {
    this.#looker = looker;
    this.#paper = paper;
  }

  describe(value: Value, depth: number, indent: number): string {
    if (value instanceof Lambda) return `${parameterText(value)} …`;
    if (value instanceof BuiltinFunction) return signatureOf(value);
    if (isList(value)) return this.#within(value, depth, '[…]', () => this.#list(value, depth, indent));
    if (value instanceof Attributes)
      return this.#within(value, depth, '{ … }', () => this.#attributes(value, depth, indent));
    return typeNameOf(value);
  }

  #within(value: Value, depth: number, folded: string, describe: () => string): string {
    if (depth >= limits.depth || this.#around.has(value)) return folded;
    this.#around.add(value);
    try {
      return describe();
    } finally {
      this.#around.delete(value);
    }
  }

  #list(list: List, depth: number, indent: number): string {
    const kinds = new Set(
      list.slice(0, limits.elements).map((slot) => this.#slot(slot, depth + 1, indent + 1)),
    );
    if (list.length > limits.elements && kinds.size > 1) kinds.add('…');
    return `[${[...kinds].join(' | ')}]`;
  }

  #attributes(attributes: Attributes, depth: number, indent: number): string {
    if (attributes.size === 0) return '{ }';
    const shown = attributes.names().slice(0, limits.attributes);
    const items = shown.map((name) => {
      const slot = attributes.get(name) as Slot;
      return `${paint(this.#paper, 'name', showName(name))} : ${this.#slot(slot, depth + 1, indent + 2)},`;
    });
    const left = attributes.size - shown.length;
    return layOut(this.#paper, ['{', '}'], items, { indent, more: left > 0 ? `… ${left} more` : undefined });
  }

  #slot(slot: Slot, depth: number, indent: number): string {
    const seen = this.#looker.see(slot, depth);
    if (seen.kind === 'value') return this.describe(seen.value, depth, indent);
    return seen.kind === 'unknown' ? '…' : paint(this.#paper, 'fault', '«error»');
  }
}
