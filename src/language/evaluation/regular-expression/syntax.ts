/** A regular expression as a tree. Groups are numbered from 1 by their opening brackets. */
export type Pattern =
  | { readonly kind: 'character'; readonly source: string }
  | { readonly kind: 'assertion'; readonly assertion: '^' | '$' | 'b' | 'B' }
  | { readonly kind: 'sequence'; readonly parts: readonly Pattern[] }
  | { readonly kind: 'choice'; readonly branches: readonly Pattern[] }
  | { readonly kind: 'group'; readonly index: number; readonly body: Pattern }
  | Repetition;

export interface Repetition {
  readonly kind: 'repetition';
  readonly body: Pattern;
  readonly least: number;
  /** May be infinite. */
  readonly most: number;
  /** Whether as many as possible are taken. */
  readonly isGreedy: boolean;
  /** The groups within: those from the first on, and before the second. */
  readonly groups: readonly [number, number];
}

/** What a pattern has that is not regular, and so has no bound on the time that it takes. */
export class IrregularPattern extends Error {}

/** Parses what `new RegExp(source, 'v')` accepts. */
export function parsePattern(source: string): { readonly pattern: Pattern; readonly groupCount: number } {
  const parser = new PatternParser(source);
  const pattern = parser.parseChoice();
  return { pattern, groupCount: parser.groupCount };
}

class PatternParser {
  groupCount = 0;
  readonly #source: string;
  #offset = 0;

  constructor(source: string) {
    this.#source = source;
  }

  parseChoice(): Pattern {
    const branches = [this.#parseSequence()];
    while (this.#accept('|')) branches.push(this.#parseSequence());
    const [first] = branches;
    return branches.length === 1 && first !== undefined ? first : { kind: 'choice', branches };
  }

  #parseSequence(): Pattern {
    const parts: Pattern[] = [];
    while (this.#offset < this.#source.length && !this.#isAt('|') && !this.#isAt(')')) {
      parts.push(this.#parseTerm());
    }
    const [only] = parts;
    return parts.length === 1 && only !== undefined ? only : { kind: 'sequence', parts };
  }

  #parseTerm(): Pattern {
    const firstGroup = this.groupCount + 1;
    const body = this.#parseAtom();
    const [least, most] = this.#parseQuantifier() ?? [1, 1];
    if (least === 1 && most === 1) return body;
    const isGreedy = !this.#accept('?');
    return { kind: 'repetition', body, least, most, isGreedy, groups: [firstGroup, this.groupCount + 1] };
  }

  #parseQuantifier(): readonly [number, number] | undefined {
    if (this.#accept('*')) return [0, Number.POSITIVE_INFINITY];
    if (this.#accept('+')) return [1, Number.POSITIVE_INFINITY];
    if (this.#accept('?')) return [0, 1];
    const [whole, least, comma, most] = this.#take(/\{(\d+)(,?)(\d*)\}/y) ?? [];
    if (whole === undefined) return undefined;
    if (comma === '') return [Number(least), Number(least)];
    return [Number(least), most === '' ? Number.POSITIVE_INFINITY : Number(most)];
  }

  #parseAtom(): Pattern {
    if (this.#accept('^')) return { kind: 'assertion', assertion: '^' };
    if (this.#accept('$')) return { kind: 'assertion', assertion: '$' };
    if (this.#accept('(')) return this.#parseGroup();
    if (this.#isAt('[')) return this.#character(this.#takeClass());
    if (this.#isAt('\\')) return this.#parseEscape();
    return this.#character(String.fromCodePoint(this.#source.codePointAt(this.#offset) ?? 0));
  }

  #parseGroup(): Pattern {
    const special = this.#take(/\?(?:<[=!]|<[^>]+>|[^<])/y)?.[0];
    const isNamed = special !== undefined && /^\?<[^=!]/.test(special);
    if (special !== undefined && !isNamed && special !== '?:') {
      const what = /^\?<?[=!]/.test(special)
        ? 'a look ahead or behind'
        : 'a change of how letters are matched';
      throw new IrregularPattern(`it has ${what}, '(${special}'`);
    }
    const index = special === '?:' ? undefined : ++this.groupCount;
    const body = this.parseChoice();
    this.#accept(')');
    return index === undefined ? body : { kind: 'group', index, body };
  }

  #parseEscape(): Pattern {
    if (this.#accept('\\b')) return { kind: 'assertion', assertion: 'b' };
    if (this.#accept('\\B')) return { kind: 'assertion', assertion: 'B' };
    const reference = this.#take(/\\(?:[1-9]\d*|k<[^>]*>)/y)?.[0];
    if (reference !== undefined) throw new IrregularPattern(`it refers back to a group, '${reference}'`);
    const form =
      /\\(?:u\{[^}]*\}|u[dD][89abAB][\da-fA-F]{2}\\u[dD][c-fC-F][\da-fA-F]{2}|u[\da-fA-F]{4}|x[\da-fA-F]{2}|c[A-Za-z]|[pP]\{[^}]*\}|.)/suy;
    form.lastIndex = this.#offset;
    return this.#character(form.exec(this.#source)?.[0] ?? '\\');
  }

  /** The text of a class, which may have classes in it. */
  #takeClass(): string {
    let depth = 0;
    let end = this.#offset;
    do {
      if (this.#source[end] === '[') depth++;
      else if (this.#source[end] === ']') depth--;
      end += this.#source[end] === '\\' ? 2 : 1;
    } while (depth > 0);
    return this.#source.slice(this.#offset, end);
  }

  #character(source: string): Pattern {
    this.#offset += source.length;
    for (const [several, ofStrings] of source.matchAll(/\\(?:p\{([^}]*)\}|q\{[^}]*\}|[^])/gu)) {
      if (several.startsWith('\\q{') || (ofStrings !== undefined && !isPropertyOfCharacters(several))) {
        throw new IrregularPattern(`it has a class of strings, '${several}'`);
      }
    }
    return { kind: 'character', source };
  }

  #isAt(character: string): boolean {
    return this.#source[this.#offset] === character;
  }

  #accept(text: string): boolean {
    if (!this.#source.startsWith(text, this.#offset)) return false;
    this.#offset += text.length;
    return true;
  }

  /** What a sticky form finds here. */
  #take(form: RegExp): RegExpExecArray | null {
    form.lastIndex = this.#offset;
    const found = form.exec(this.#source);
    if (found !== null) this.#offset += found[0].length;
    return found;
  }
}

/** The older flag knows no properties of strings. */
function isPropertyOfCharacters(property: string): boolean {
  try {
    return new RegExp(property, 'u').unicode;
  } catch {
    return false;
  }
}
