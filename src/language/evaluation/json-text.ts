import { Attributes } from './attributes.ts';
import { normaliseInteger } from './arithmetic.ts';
import { Float, type Slot, type Value } from './value.ts';

/** Why a text is not JSON, and at which offset that shows. */
export class JsonError extends Error {
  readonly offset: number;

  constructor(message: string, offset: number) {
    super(message);
    this.offset = offset;
  }
}

/**
 * Reads JSON (RFC 8259) as a value of the language: exact integers of any size, floats where a number has a fraction or an
 * exponent. `JSON.parse` keeps neither apart, nor says where a text is wrong. Of a name that comes twice the last counts.
 */
export function parseJson(text: string): Value {
  const reader = new JsonReader(text);
  const value = reader.readValue();
  reader.expectEnd();
  return value;
}

const numberForm = /-?(?:0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?/y;

class JsonReader {
  readonly #text: string;
  #offset = 0;

  constructor(text: string) {
    this.#text = text;
    this.#skipSpace();
  }

  readValue(): Value {
    switch (this.#text[this.#offset] ?? '') {
      case '{':
        return this.#readObject();
      case '[':
        return this.#readArray();
      case '"':
        return this.#readString();
      case 't':
        return this.#readWord('true', true);
      case 'f':
        return this.#readWord('false', false);
      case 'n':
        return this.#readWord('null', null);
      default:
        return this.#readNumber();
    }
  }

  expectEnd(): void {
    if (this.#offset < this.#text.length) this.#fail('more follows after the value');
  }

  #readObject(): Value {
    const entries = new Map<string, Slot>();
    this.#offset++;
    this.#skipSpace();
    if (this.#accept('}')) return Attributes.empty;
    do {
      if (this.#text[this.#offset] !== '"') this.#fail('a name in double quotes is expected');
      const name = this.#readString();
      if (!this.#accept(':')) this.#fail("':' is expected after the name");
      entries.set(name, this.readValue());
    } while (this.#accept(','));
    if (!this.#accept('}')) this.#fail("',' or '}' is expected");
    return Attributes.fromMap(entries);
  }

  #readArray(): Value {
    const elements: Slot[] = [];
    this.#offset++;
    this.#skipSpace();
    if (this.#accept(']')) return elements;
    do elements.push(this.readValue());
    while (this.#accept(','));
    if (!this.#accept(']')) this.#fail("',' or ']' is expected");
    return elements;
  }

  #readString(): string {
    const start = this.#offset;
    let end = start + 1;
    while (end < this.#text.length && this.#text[end] !== '"') end += this.#text[end] === '\\' ? 2 : 1;
    if (end >= this.#text.length) this.#fail('the string is not closed');
    this.#offset = end + 1;
    try {
      return JSON.parse(this.#text.slice(start, end + 1)) as string;
    } catch {
      throw new JsonError('the string holds an escape or a character that it may not hold', start);
    } finally {
      this.#skipSpace();
    }
  }

  #readNumber(): Value {
    numberForm.lastIndex = this.#offset;
    const found = numberForm.exec(this.#text);
    if (found === null) return this.#fail('a value is expected');
    this.#offset += found[0].length;
    this.#skipSpace();
    if (found[1] === undefined && found[2] === undefined) {
      const integer = Number(found[0]);
      return Number.isSafeInteger(integer) ? normaliseInteger(integer) : BigInt(found[0]);
    }
    const value = Number(found[0]);
    return Number.isFinite(value) ? new Float(value) : this.#fail('the number is too large');
  }

  #readWord<Word extends boolean | null>(word: string, value: Word): Word {
    if (!this.#text.startsWith(word, this.#offset)) this.#fail('a value is expected');
    this.#offset += word.length;
    this.#skipSpace();
    return value;
  }

  #accept(character: string): boolean {
    if (this.#text[this.#offset] !== character) return false;
    this.#offset++;
    this.#skipSpace();
    return true;
  }

  #skipSpace(): void {
    for (;;) {
      const unit = this.#text.charCodeAt(this.#offset);
      if (unit !== 0x20 && unit !== 0x0a && unit !== 0x0d && unit !== 0x09) return;
      this.#offset++;
    }
  }

  #fail(message: string): never {
    throw new JsonError(message, this.#offset);
  }
}
