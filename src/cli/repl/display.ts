import {
  Attributes,
  BuiltinFunction,
  ContextString,
  DerivationValue,
  type Evaluator,
  Float,
  Lambda,
  type List,
  type Slot,
  type Value,
  isList,
  showName,
} from '../../language/evaluation/index.ts';
import type { Project } from '../../workspace/index.ts';
import { parameterText } from './function-text.ts';
import { Looker } from './looker.ts';
import { type Paper, type Role, layOut, paint } from './text.ts';

/** How much of a value is shown where not all of it is asked for. */
const limits = { depth: 4, items: 60, characters: 2000 } as const;

const unlimited = {
  depth: Number.POSITIVE_INFINITY,
  items: Number.POSITIVE_INFINITY,
  characters: Number.POSITIVE_INFINITY,
} as const;

/** The value for a reader: bounded in depth, length and in what is evaluated for it; `…` stands for what is left out. */
export function display(project: Project, paper: Paper, value: Value): string {
  const looker = new Looker(project);
  const see = (slot: Slot, depth: number) => looker.see(slot, depth);
  return project.glance((evaluator) => {
    return new Displayer({ evaluator, paper, limits, see }).display(value, 0, 0);
  }) as string;
}

/** All of the value, every part of which is known. */
export function displayWhole(evaluator: Evaluator, paper: Paper, value: Value): string {
  const see = (slot: Slot) => ({ kind: 'value', value: evaluator.force(slot) }) as const;
  return new Displayer({ evaluator, paper, limits: unlimited, see }).display(value, 0, 0);
}

interface DisplayOptions {
  readonly evaluator: Evaluator;
  readonly paper: Paper;
  readonly limits: { readonly [limit in keyof typeof limits]: number };
  readonly see: (slot: Slot, depth: number) => ReturnType<Looker['see']>;
}

class Displayer {
  readonly #options: DisplayOptions;
  /** What is being shown around the value: met again, it would never end. */
  readonly #around = new Set<Value>();

  constructor(options: DisplayOptions) {
    this.#options = options;
  }

  display(value: Value, depth: number, indent: number): string {
    if (isList(value)) return this.#container(value, depth, () => this.#list(value, depth, indent));
    if (value instanceof Attributes)
      return this.#container(value, depth, () => this.#attributes(value, depth, indent));
    if (value instanceof Lambda) return this.#paint('opaque', `«function ${parameterText(value)} …»`);
    if (value instanceof DerivationValue) return this.#paint('opaque', this.#options.evaluator.show(value));
    const text = this.#options.evaluator.show(value);
    if (typeof value === 'string' || value instanceof ContextString) return this.#string(text);
    return this.#paint(roleOf(value), text);
  }

  #container(value: List | Attributes, depth: number, showInside: () => string): string {
    const isEmpty = isList(value) ? value.length === 0 : value.size === 0;
    if (isEmpty) return isList(value) ? '[ ]' : '{ }';
    if (this.#around.has(value)) return this.#paint('opaque', '«itself»');
    if (depth >= this.#options.limits.depth)
      return isList(value) ? `[ ${this.#more()} ]` : `{ ${this.#more()} }`;
    this.#around.add(value);
    try {
      return showInside();
    } finally {
      this.#around.delete(value);
    }
  }

  #list(list: List, depth: number, indent: number): string {
    const shown = list.slice(0, this.#options.limits.items);
    const items = shown.map((slot) => `${this.#slot(slot, depth + 1, indent + 2)},`);
    return layOut(this.#options.paper, ['[', ']'], items, { indent, more: this.#rest(list.length) });
  }

  #attributes(attributes: Attributes, depth: number, indent: number): string {
    const shown = attributes.names().slice(0, this.#options.limits.items);
    const items = shown.map((name) => {
      const slot = attributes.get(name) as Slot;
      return `${this.#paint('name', showName(name))} = ${this.#slot(slot, depth + 1, indent + 2)},`;
    });
    return layOut(this.#options.paper, ['{', '}'], items, { indent, more: this.#rest(attributes.size) });
  }

  #rest(count: number): string | undefined {
    const more = count - this.#options.limits.items;
    return more > 0 ? this.#paint('faint', `… ${more} more`) : undefined;
  }

  #slot(slot: Slot, depth: number, indent: number): string {
    const seen = this.#options.see(slot, depth);
    if (seen.kind === 'value') return this.display(seen.value, depth, indent);
    return seen.kind === 'unknown' ? this.#more() : this.#paint('fault', `«error: ${seen.message}»`);
  }

  #string(text: string): string {
    const { characters } = this.#options.limits;
    if (text.length <= characters) return this.#paint('string', text);
    const beginning = text.slice(0, characters).replace(/[\uD800-\uDBFF]$|\\[^\\]{0,9}$/, '');
    const more = this.#paint('faint', `… ${text.length - beginning.length} more characters`);
    return `${this.#paint('string', beginning)}${more}`;
  }

  #more(): string {
    return this.#paint('faint', '…');
  }

  #paint(role: Role, text: string): string {
    return paint(this.#options.paper, role, text);
  }
}

function roleOf(value: Value): Role {
  if (typeof value === 'number' || typeof value === 'bigint' || value instanceof Float) return 'number';
  if (value === null || typeof value === 'boolean') return 'word';
  return value instanceof BuiltinFunction ? 'opaque' : 'string';
}
