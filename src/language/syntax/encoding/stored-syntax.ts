import type {
  AttributeKey,
  Binding,
  Expression,
  NameParameter,
  Parameter,
  PatternField,
} from '../expression.ts';
import { header } from './format.ts';
import { storedExpression } from './stored-expression.ts';

/** The words of an encoding whose checksum is right, as what they stand for. */
export class StoredSyntax {
  readonly words: Int32Array;
  /** The characters of all strings, and the strings that were asked for. */
  readonly #characters: string;
  readonly #strings: (string | undefined)[] = [];

  constructor(words: Int32Array) {
    this.words = words;
    const endsAt = words[header.recordsEnd] as number;
    const count = words[header.strings] as number;
    const length = count === 0 ? 0 : (words[endsAt + count - 1] as number);
    const characterBytes = words[header.characterBytes] as number;
    const start = words.byteOffset + (endsAt + count) * 4;
    const slab = Buffer.from(words.buffer as ArrayBuffer, start, length * characterBytes);
    this.#characters = slab.toString(characterBytes === 1 ? 'latin1' : 'utf16le');
  }

  /** The expression whose record lies at a place. */
  expression(place: number): Expression {
    return storedExpression(this, place);
  }

  /** The expression that the word at `index` refers to. */
  referred(index: number): Expression {
    return storedExpression(this, this.words[index] as number);
  }

  optional(index: number): Expression | undefined {
    return this.words[index] === 0 ? undefined : this.referred(index);
  }

  /** The string whose number is the word at `index`. */
  string(index: number): string {
    return this.numbered(this.words[index] as number);
  }

  /** The string of a number; made once, so that equal names are the same string. */
  numbered(number: number): string {
    return (this.#strings[number] ??= this.#cut(number));
  }

  #cut(number: number): string {
    const endsAt = this.words[header.recordsEnd] as number;
    const start = number === 0 ? 0 : (this.words[endsAt + number - 1] as number);
    return this.#characters.slice(start, this.words[endsAt + number]);
  }
}

/** Reads what stands one after the other from a place on. */
export class Cursor {
  readonly #syntax: StoredSyntax;
  #index: number;

  constructor(syntax: StoredSyntax, index: number) {
    this.#syntax = syntax;
    this.#index = index;
  }

  word(): number {
    return this.#syntax.words[this.#index++] as number;
  }

  string(): string {
    return this.#syntax.numbered(this.word());
  }

  parts(): readonly (string | Expression)[] {
    const parts: (string | Expression)[] = [];
    for (let left = this.word(); left > 0; left--) {
      const part = this.word();
      parts.push(part < 0 ? this.#syntax.numbered(~part) : this.#syntax.expression(part));
    }
    return parts;
  }

  path(): readonly AttributeKey[] {
    const path: AttributeKey[] = [];
    for (let left = this.word(); left > 0; left--) {
      const start = this.word();
      const end = this.word();
      path.push({ parts: this.parts(), start, end });
    }
    return path;
  }

  bind(): NameParameter | undefined {
    return this.word() === 0 ? undefined : this.#name();
  }

  bindings(): readonly Binding[] {
    const bindings: Binding[] = [];
    for (let left = this.word(); left > 0; left--) {
      const start = this.word();
      const end = this.word();
      const value = this.#index++;
      bindings.push(new StoredBinding(this.#syntax, value, this.path(), start, end));
    }
    return bindings;
  }

  parameter(): Parameter {
    if (this.word() === 0) return this.#name();
    const start = this.word();
    const end = this.word();
    const bind = this.bind();
    const open = this.word() === 1;
    return { kind: 'pattern', bind, fields: this.#fields(), open, start, end };
  }

  #fields(): readonly PatternField[] {
    const fields: PatternField[] = [];
    for (let left = this.word(); left > 0; left--) {
      const start = this.word();
      const end = this.word();
      fields.push(new StoredField(this.#syntax, this.string(), this.#index++, start, end));
    }
    return fields;
  }

  #name(): NameParameter {
    const start = this.word();
    const end = this.word();
    return { kind: 'name', name: this.string(), start, end };
  }
}

class StoredBinding implements Binding {
  readonly path: readonly AttributeKey[];
  readonly start: number;
  readonly end: number;
  readonly #syntax: StoredSyntax;
  readonly #index: number;
  #value: Expression | undefined;

  constructor(
    syntax: StoredSyntax,
    index: number,
    path: readonly AttributeKey[],
    start: number,
    end: number,
  ) {
    this.path = path;
    this.start = start;
    this.end = end;
    this.#syntax = syntax;
    this.#index = index;
  }

  get value(): Expression {
    return (this.#value ??= this.#syntax.referred(this.#index));
  }
}

class StoredField implements PatternField {
  readonly name: string;
  readonly start: number;
  readonly end: number;
  readonly #syntax: StoredSyntax;
  readonly #index: number;
  #fallback: Expression | undefined;

  constructor(syntax: StoredSyntax, name: string, index: number, start: number, end: number) {
    this.name = name;
    this.start = start;
    this.end = end;
    this.#syntax = syntax;
    this.#index = index;
  }

  get fallback(): Expression | undefined {
    return (this.#fallback ??= this.#syntax.optional(this.#index));
  }
}
