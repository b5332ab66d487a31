import { unreachable } from '../../foundation/index.ts';
import { isPlainName } from '../syntax/index.ts';
import { Attributes } from './attributes.ts';
import { BuiltinFunction } from './builtin.ts';
import { DerivationValue } from './derivation-value.ts';
import { Lambda } from './lambda.ts';
import { allOf } from './fork.ts';
import { displayPath } from './paths.ts';
import { force } from './thunk.ts';
import { ContextString, Float, IslandReference, PathValue, type Slot, type Value, isList } from './value.ts';

export interface ShowOptions {
  /** How many levels of lists and attributes are opened; `…` stands for what is deeper. Without it, all. */
  readonly depth?: number;
  /** From how many characters on a list or attributes are laid out in lines; 80 if not given. */
  readonly width?: number;
}

/** The value in the syntax of the language; what has none stands between `«` and `»`. Evaluates what it shows. */
export function show(value: Value, options: ShowOptions = {}): string {
  return new Shower(options.width ?? 80, new Set()).show(value, options.depth ?? Number.POSITIVE_INFINITY, 0);
}

class Shower {
  readonly #width: number;
  /** What is being shown around the value: met again, it would never end. */
  readonly #around: Set<Value>;

  constructor(width: number, around: Set<Value>) {
    this.#width = width;
    this.#around = around;
  }

  show(value: Value, depth: number, indent: number): string {
    if (value === null || typeof value === 'boolean') return String(value);
    if (typeof value === 'number' || typeof value === 'bigint') return String(value);
    if (value instanceof Float) return showFloat(value.value);
    if (typeof value === 'string') return showString(value);
    if (value instanceof ContextString) return showString(value.text);
    if (value instanceof PathValue) return displayPath(value);
    if (value instanceof IslandReference) return value.island.root.display;
    if (value instanceof Lambda) return '«function»';
    if (value instanceof BuiltinFunction) return `«builtin ${value.definition.name}»`;
    if (value instanceof DerivationValue) return `«derivation ${value.name}»`;
    if (isList(value)) return this.#showList(value, depth, indent);
    if (value instanceof Attributes) return this.#showAttributes(value, depth, indent);
    return unreachable(value);
  }

  #showList(list: readonly Slot[], depth: number, indent: number): string {
    if (list.length === 0) return '[ ]';
    return this.#within(list, depth, '[ … ]', () =>
      this.#layOut(
        '[',
        allOf(list, (slot) => this.show(force(slot), depth - 1, indent + 2)),
        ']',
        indent,
      ),
    );
  }

  #showAttributes(attributes: Attributes, depth: number, indent: number): string {
    if (attributes.size === 0) return '{ }';
    return this.#within(attributes, depth, '{ … }', () => {
      const items = allOf(
        [...attributes.entries()],
        ([name, slot]) => `${showName(name)} = ${this.show(force(slot), depth - 1, indent + 2)}`,
      );
      return this.#layOut('{', items, '}', indent);
    });
  }

  #within(value: Value, depth: number, folded: string, showInside: () => string): string {
    if (this.#around.has(value)) return '«itself»';
    if (depth <= 0) return folded;
    this.#around.add(value);
    try {
      return showInside();
    } finally {
      this.#around.delete(value);
    }
  }

  #layOut(open: string, items: readonly string[], close: string, indent: number): string {
    const line = `${open} ${items.join(', ')}, ${close}`;
    if (indent + line.length <= this.#width && !line.includes('\n')) return line;
    const margin = ' '.repeat(indent);
    return `${open}\n${items.map((item) => `${margin}  ${item},\n`).join('')}${margin}${close}`;
  }
}

/** The digits with which a float reads as one again. */
export function showFloat(value: number): string {
  if (Object.is(value, -0)) return '-0.0';
  const [digits = '', exponent] = String(value).split('e');
  const mantissa = digits.includes('.') ? digits : `${digits}.0`;
  return exponent === undefined ? mantissa : `${mantissa}e${exponent.replace('+', '')}`;
}

const escapes: Readonly<Record<string, string>> = {
  '\n': '\\n',
  '\t': '\\t',
  '\r': '\\r',
  '"': '\\"',
  '\\': '\\\\',
};

/** The text as the language writes it. */
export function showString(text: string): string {
  // Behind the quote a `=` would open a raw string.
  return `"${escape(text).replace(/^=/, '\\=')}"`;
}

function escape(text: string): string {
  // oxlint-disable-next-line no-control-regex -- Control characters are what has to be found here.
  return text.replace(/[\u0000-\u001f\u007f-\u009f"\\]/g, (character) => {
    return escapes[character] ?? `\\u{${character.charCodeAt(0).toString(16)}}`;
  });
}

/** The name of an attribute, quoted where it is no identifier. */
export function showName(name: string): string {
  return isPlainName(name) ? name : quoteName(name);
}

function quoteName(name: string): string {
  return `\`${escape(name).replaceAll('\\"', '"').replaceAll('`', '\\`')}\``;
}
