/** Where in a pattern wildcards begin. */
const special = /[*?[\\]/;

/** What a bracket expression may name. A byte of another alphabet belongs to no class. */
const classes: Readonly<Record<string, string>> = {
  alnum: 'A-Za-z0-9',
  alpha: 'A-Za-z',
  blank: ' \\t',
  cntrl: '\\x00-\\x1f\\x7f',
  digit: '0-9',
  graph: '!-~',
  lower: 'a-z',
  print: ' -~',
  punct: '!-\\/:-@\\[-`{-~',
  space: '\\t-\\r ',
  upper: 'A-Z',
  xdigit: '0-9A-Fa-f',
};

/** Whether a text fits a pattern. Both are bytes, as `bytesOf` makes them of text. */
export type Glob = (text: string) => boolean;

/** A text as git compares it, byte by byte: each byte one character. */
export function bytesOf(text: string): string {
  return /^[\x00-\x7f]*$/.test(text) ? text : Buffer.from(text, 'utf8').toString('latin1');
}

/**
 * Compiles a pattern as git understands it (https://git-scm.com/docs/gitignore). With `slashes` the pattern is one for whole paths:
 * then `*`, `?` and brackets match no slash, and two stars between slashes stand for any folders.
 */
export function compileGlob(pattern: string, slashes: boolean, ignoreCase: boolean): Glob {
  const start = pattern.search(special);
  if (start === -1 && !ignoreCase) return (text) => text === pattern;
  if (pattern[0] === '*' && !slashes && !ignoreCase && !special.test(pattern.slice(1))) {
    const ending = pattern.slice(1);
    return (text) => text.endsWith(ending);
  }
  // Git compares what stands before the first wildcard by itself, so that two stars right behind it stand at a beginning.
  const plain = start === -1 ? pattern : pattern.slice(0, start);
  const rest = start === -1 ? '' : new GlobCompiler(pattern.slice(start), slashes).compile();
  if (rest === undefined) return () => false;
  const expression = new RegExp(`^${quote(plain)}${rest}$`, ignoreCase ? 'is' : 's');
  return (text) => expression.test(text);
}

class GlobCompiler {
  readonly #pattern: string;
  readonly #slashes: boolean;
  #position = 0;

  constructor(pattern: string, slashes: boolean) {
    this.#pattern = pattern;
    this.#slashes = slashes;
  }

  /** The source of a regular expression; undefined where nothing can match. */
  compile(): string | undefined {
    let source = '';
    while (this.#position < this.#pattern.length) {
      const part = this.#part(this.#pattern[this.#position++] as string);
      if (part === undefined) return undefined;
      source += part;
    }
    return source;
  }

  #part(character: string): string | undefined {
    switch (character) {
      case '*':
        return this.#stars();
      case '?':
        return this.#slashes ? '[^/]' : '.';
      case '[':
        return this.#bracket();
      case '\\': {
        const literal = this.#pattern[this.#position++];
        return literal === undefined ? undefined : quote(literal);
      }
      default:
        return quote(character);
    }
  }

  #stars(): string {
    const start = this.#position - 1;
    while (this.#pattern[this.#position] === '*') this.#position++;
    if (!this.#slashes) return '.*';
    const isDouble = this.#position - start > 1;
    const isBegun = start === 0 || this.#pattern[start - 1] === '/';
    const rest = this.#pattern.slice(this.#position);
    if (!isDouble || !isBegun) return '[^/]*';
    if (rest === '') return '.*';
    if (rest.startsWith('\\/')) return '.*';
    if (!rest.startsWith('/')) return '[^/]*';
    this.#position++;
    return '(?:.*/)?';
  }

  #bracket(): string | undefined {
    const isNegated = /[!^]/.test(this.#pattern[this.#position] ?? '');
    if (isNegated) this.#position++;
    let members = '';
    let before: string | undefined;
    for (let isFirst = true; ; isFirst = false) {
      const character = this.#pattern[this.#position++];
      if (character === undefined) return undefined;
      if (character === ']' && !isFirst) break;
      const next = this.#pattern[this.#position];
      if (character === '-' && before !== undefined && next !== undefined && next !== ']') {
        const end = this.#member(this.#pattern[this.#position++] as string);
        if (end === undefined) return undefined;
        // A range that ends before it begins holds nothing but its beginning, which stands there already.
        if (before <= end) members += `${escape(before)}-${escape(end)}`;
        before = undefined;
      } else if (character === '[' && next === ':') {
        const named = /^:([^\]]*):\]/.exec(this.#pattern.slice(this.#position));
        const unclosed = !/^:[^\]]*\]/.test(this.#pattern.slice(this.#position));
        if (named === null && unclosed) return undefined;
        if (named === null) {
          members += escape('[');
          before = '[';
          continue;
        }
        const known = classes[named[1] as string];
        if (known === undefined) return undefined;
        members += known;
        this.#position += named[0].length;
        before = undefined;
      } else {
        const member = this.#member(character);
        if (member === undefined) return undefined;
        members += escape(member);
        before = member;
      }
    }
    const set = isNegated ? `[^${members}]` : `[${members}]`;
    return this.#slashes ? `(?!/)${set}` : set;
  }

  /** A character of a bracket expression, or the one behind a backslash. */
  #member(character: string): string | undefined {
    return character === '\\' ? this.#pattern[this.#position++] : character;
  }
}

function quote(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
}

/** A character within brackets of a regular expression. */
function escape(character: string): string {
  return `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`;
}
