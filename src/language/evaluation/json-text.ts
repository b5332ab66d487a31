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
  return new JsonReader(text).read();
}

/** A list or an object that is being read, and in an object the name whose value comes next. */
interface Container {
  readonly elements: Slot[] | undefined;
  readonly entries: Map<string, Slot>;
  name: string;
}

const numberForm = /-?(?:0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?/y;

/** A run of characters that stand for themselves in a string. */
// oxlint-disable-next-line no-control-regex -- They are what may not stand there.
const plainForm = /[^"\\\u0000-\u001f]*/y;

/** Half of a pair of units without the other: no character, and nothing that a file can hold. */
const loneSurrogate = /\p{Surrogate}/u;

class JsonReader {
  readonly #text: string;
  #offset = 0;

  constructor(text: string) {
    this.#text = text;
  }

  /** Keeps what it is in on a stack of its own, so that a text may be nested as deep as it likes. */
  read(): Value {
    const around: Container[] = [];
    this.#skipSpace();
    for (;;) {
      const opened = this.#open();
      if (opened !== undefined) {
        around.push(opened);
        continue;
      }
      let value = this.#readSimple();
      for (;;) {
        const container = around.at(-1);
        if (container === undefined) return this.#end(value);
        const finished = this.#add(container, value);
        if (finished === undefined) break;
        around.pop();
        value = finished;
      }
    }
  }

  /** Enters a list or object that is not empty. */
  #open(): Container | undefined {
    const opening = this.#text[this.#offset];
    if (opening !== '[' && opening !== '{') return undefined;
    const start = this.#offset++;
    this.#skipSpace();
    if (this.#text[this.#offset] === (opening === '[' ? ']' : '}')) {
      this.#offset = start;
      return undefined;
    }
    const isList = opening === '[';
    return { elements: isList ? [] : undefined, entries: new Map(), name: isList ? '' : this.#readName() };
  }

  /** Adds a value, and gives the whole where it was the last. */
  #add(container: Container, value: Value): Value | undefined {
    const { elements, entries } = container;
    if (elements === undefined) entries.set(container.name, value);
    else elements.push(value);
    if (this.#accept(',')) {
      if (elements === undefined) container.name = this.#readName();
      return undefined;
    }
    if (elements === undefined)
      return this.#accept('}') ? Attributes.fromMap(entries) : this.#fail("',' or '}' is expected");
    return this.#accept(']') ? elements : this.#fail("',' or ']' is expected");
  }

  #end(value: Value): Value {
    if (this.#offset < this.#text.length) this.#fail('more follows after the value');
    return value;
  }

  /** A value that holds no others. */
  #readSimple(): Value {
    switch (this.#text[this.#offset] ?? '') {
      case '{':
        return this.#readEmpty(Attributes.empty, '}');
      case '[':
        return this.#readEmpty([], ']');
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

  #readEmpty(value: Value, closing: string): Value {
    this.#offset++;
    this.#skipSpace();
    return this.#accept(closing) ? value : this.#fail('a value is expected');
  }

  #readName(): string {
    if (this.#text[this.#offset] !== '"') this.#fail('a name in double quotes is expected');
    const name = this.#readString();
    if (!this.#accept(':')) this.#fail("':' is expected after the name");
    return name;
  }

  #readString(): string {
    const start = this.#offset;
    let end = this.#plainEnd(start + 1);
    let text = this.#text.slice(start + 1, end);
    if (this.#text[end] !== '"') {
      while (this.#text[end] === '\\') end = this.#plainEnd(end + 2);
      if (end >= this.#text.length) this.#fail('the string is not closed');
      text = this.#unescape(start, end);
    }
    this.#offset = end + 1;
    this.#skipSpace();
    return text;
  }

  /** Where a run of characters that stand for themselves ends. */
  #plainEnd(start: number): number {
    plainForm.lastIndex = start;
    plainForm.test(this.#text);
    return Math.max(start, plainForm.lastIndex);
  }

  #unescape(start: number, end: number): string {
    let text: string;
    try {
      text = JSON.parse(this.#text.slice(start, end + 1)) as string;
    } catch {
      throw new JsonError('the string holds an escape or a character that it may not hold', start);
    }
    if (!loneSurrogate.test(text)) return text;
    throw new JsonError('the string holds half of a pair of \\u escapes', start);
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
    return Number.isFinite(value) ? new Float(value) : this.#fail('the number is too large for a float');
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
