import {
  Attributes,
  ContextString,
  DerivationValue,
  type Evaluator,
  Float,
  IslandReference,
  PathValue,
  type Slot,
  type Value,
  isList,
} from '../../../src/language/evaluation/index.ts';

/** The whole value in the canonical form that the README of the suite defines, on one line. */
export function canonical(slot: Slot, evaluator: Evaluator): string {
  const value = evaluator.force(slot);
  if (isList(value))
    return between(
      '[',
      value.map((item) => canonical(item, evaluator)),
      ']',
    );
  if (value instanceof Attributes) {
    const members = [...value.entries()].map(
      ([name, item]) => `${nameText(name)} = ${canonical(item, evaluator)}`,
    );
    return between('{', members, '}');
  }
  return scalarText(value);
}

function scalarText(value: Exclude<Value, Attributes | readonly Slot[]>): string {
  if (typeof value === 'string') return stringText(value);
  if (value instanceof ContextString) return stringText(value.text);
  if (value instanceof Float) return floatText(value.value);
  if (value instanceof PathValue)
    return value.root.key === 'tree' ? `.${value.path}` : `<${value.root.key}>${value.path}`;
  if (value instanceof IslandReference) return `<${value.island.key}>`;
  if (value instanceof DerivationValue) return `«derivation ${value.name}»`;
  return value === null || typeof value !== 'object' ? String(value) : '«function»';
}

function between(open: string, items: readonly string[], close: string): string {
  return items.length === 0 ? `${open} ${close}` : `${open} ${items.join(', ')}, ${close}`;
}

function floatText(value: number): string {
  const text = Object.is(value, -0) ? '-0' : String(value).replace('e+', 'e');
  return /[.e]/.test(text) ? text : `${text}.0`;
}

const escapes: Readonly<Record<string, string>> = { '\n': '\\n', '\t': '\\t', '\r': '\\r' };

function stringText(text: string): string {
  return `"${escaped(text).replace(/^=/, '\\=')}"`;
}

function escaped(text: string): string {
  // oxlint-disable-next-line no-control-regex -- Control characters are what has to be found here.
  return text.replace(/[\u0000-\u001f\u007f-\u009f"\\]/g, (character) => {
    if (character === '"' || character === '\\') return `\\${character}`;
    return escapes[character] ?? `\\u{${character.charCodeAt(0).toString(16)}}`;
  });
}

const keywords = new Set(['if', 'then', 'else', 'let', 'in', 'or']);

function nameText(name: string): string {
  const isIdentifier = /^[A-Za-z_](?:[A-Za-z0-9_'-]*[A-Za-z0-9_'])?$/.test(name) && !keywords.has(name);
  return isIdentifier ? name : `\`${escaped(name).replaceAll('\\"', '"').replaceAll('`', '\\`')}\``;
}
