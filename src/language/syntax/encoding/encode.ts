import { unreachable } from '../../../foundation/index.ts';
import type {
  AttributeKey,
  AttributesExpression,
  Binding,
  Expression,
  NameParameter,
  Parameter,
  Parts,
} from '../expression.ts';
import { checksumOf, header, headerWords, magic, operators, tags, version } from './format.ts';
import { WordList } from './word-list.ts';

/** The expression as bytes from which `decodeSyntax` reads it. `textLength` is that of the text it was parsed from. */
export function encodeSyntax(expression: Expression, textLength: number): Uint8Array {
  const encoder = new Encoder();
  encoder.encode(expression);
  return encoder.finish(textLength);
}

/**
 * Writes records. Those of inner expressions wait on a list of their own, and not on the machine's stack, since an
 * expression may be of any depth.
 */
class Encoder {
  readonly #words = new WordList();
  readonly #strings = new Map<string, number>();
  /** Expressions whose records are to be written, each with the place that refers to it. */
  readonly #waiting: Expression[] = [];
  readonly #references: number[] = [];

  constructor() {
    for (let word = 0; word < headerWords; word++) this.#words.push(0);
  }

  encode(root: Expression): void {
    this.#record(root);
    for (let next = this.#waiting.pop(); next !== undefined; next = this.#waiting.pop()) {
      this.#words.set(this.#references.pop() as number, this.#words.length);
      this.#record(next);
    }
  }

  /** All as bytes: the records, the strings, and the header over them. */
  finish(textLength: number): Uint8Array {
    const recordsEnd = this.#words.length;
    const strings = [...this.#strings.keys()];
    let end = 0;
    for (const string of strings) this.#words.push((end += string.length));
    const characters = strings.join('');
    const characterBytes = /^[\0-\xff]*$/.test(characters) ? 1 : 2;
    const wordCount = this.#words.length + Math.ceil((characters.length * characterBytes) / 4);
    const words = new Int32Array(wordCount);
    words.set(this.#words.view());
    const bytes = Buffer.from(words.buffer);
    bytes.write(characters, this.#words.length * 4, characterBytes === 1 ? 'latin1' : 'utf16le');
    words[header.magic] = magic;
    words[header.version] = version;
    words[header.textLength] = textLength;
    words[header.recordsEnd] = recordsEnd;
    words[header.strings] = strings.length;
    words[header.characterBytes] = characterBytes;
    words.set(checksumOf(words), header.checksum);
    return bytes;
  }

  #record(expression: Expression): void {
    const { kind, start, end } = expression;
    this.#words.push(tags[kind === 'integer' && !isWord(expression.value) ? 'big-integer' : kind]);
    this.#words.push(start);
    this.#words.push(end);
    switch (kind) {
      case 'name':
        return this.#string(expression.name);
      case 'integer':
        if (isWord(expression.value)) return this.#words.push(expression.value);
        return this.#string(String(expression.value));
      case 'float':
        return this.#string(String(expression.value));
      case 'string':
      case 'path':
        return this.#parts(expression.parts);
      case 'island':
        return this.#island(expression);
      case 'lambda':
        this.#later(expression.body);
        return this.#parameter(expression.parameter);
      case 'let':
        this.#later(expression.body);
        return this.#bindings(expression.bindings);
      case 'if':
        this.#later(expression.condition);
        this.#later(expression.whenTrue);
        return this.#later(expression.whenFalse);
      case 'apply':
        this.#later(expression.function);
        return this.#later(expression.argument);
      case 'binary':
        this.#words.push(operators.indexOf(expression.operator));
        this.#words.push(expression.operatorStart);
        this.#later(expression.left);
        return this.#later(expression.right);
      case 'unary':
        this.#words.push(expression.operator === '!' ? 1 : 0);
        return this.#later(expression.operand);
      case 'has-attribute':
        this.#later(expression.subject);
        return this.#path(expression.path);
      case 'select':
        this.#later(expression.subject);
        this.#optional(expression.fallback);
        return this.#path(expression.path);
      case 'list':
        this.#words.push(expression.elements.length);
        for (const element of expression.elements) this.#later(element);
        return;
      case 'attributes':
        return this.#attributes(expression);
      default:
        return unreachable(expression);
    }
  }

  #island({ type, body, subtree, path }: Expression & { readonly kind: 'island' }): void {
    this.#string(type);
    if ('kind' in body) {
      this.#later(body);
    } else {
      this.#words.push(0);
      this.#parts(body);
    }
    this.#parts(subtree);
    this.#parts(path);
  }

  #attributes({ bind, bindings }: AttributesExpression): void {
    this.#bind(bind);
    this.#bindings(bindings);
  }

  #parameter(parameter: Parameter): void {
    this.#words.push(parameter.kind === 'name' ? 0 : 1);
    this.#words.push(parameter.start);
    this.#words.push(parameter.end);
    if (parameter.kind === 'name') return this.#string(parameter.name);
    this.#bind(parameter.bind);
    this.#words.push(parameter.open ? 1 : 0);
    this.#words.push(parameter.fields.length);
    for (const { name, start, end, fallback } of parameter.fields) {
      this.#words.push(start);
      this.#words.push(end);
      this.#string(name);
      this.#optional(fallback);
    }
  }

  /** The name before an `@`: a word that says whether there is one, and where so its place and text. */
  #bind(bind: NameParameter | undefined): void {
    this.#words.push(bind === undefined ? 0 : 1);
    if (bind === undefined) return;
    this.#words.push(bind.start);
    this.#words.push(bind.end);
    this.#string(bind.name);
  }

  #bindings(bindings: readonly Binding[]): void {
    this.#words.push(bindings.length);
    for (const { start, end, path, value } of bindings) {
      this.#words.push(start);
      this.#words.push(end);
      this.#later(value);
      this.#path(path);
    }
  }

  #path(path: readonly AttributeKey[]): void {
    this.#words.push(path.length);
    for (const { start, end, parts } of path) {
      this.#words.push(start);
      this.#words.push(end);
      this.#parts(parts);
    }
  }

  /** A part is the complement of a string's number, which is negative, or the place of an expression, which is not. */
  #parts(parts: Parts): void {
    this.#words.push(parts.length);
    for (const part of parts) {
      if (typeof part === 'string') this.#words.push(~this.#number(part));
      else this.#later(part);
    }
  }

  #optional(expression: Expression | undefined): void {
    if (expression === undefined) this.#words.push(0);
    else this.#later(expression);
  }

  /** A reference to a record that is not written yet. */
  #later(expression: Expression): void {
    this.#waiting.push(expression);
    this.#references.push(this.#words.length);
    this.#words.push(0);
  }

  #string(text: string): void {
    this.#words.push(this.#number(text));
  }

  #number(text: string): number {
    const known = this.#strings.get(text);
    if (known !== undefined) return known;
    const { size } = this.#strings;
    this.#strings.set(text, size);
    return size;
  }
}

function isWord(value: number | bigint): value is number {
  return typeof value === 'number' && (value | 0) === value;
}
