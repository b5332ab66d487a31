import { randomFrom } from './random.ts';

const words =
  'source build name version license system packages compiler target profile features test check'.split(' ');
const functions =
  'map filter toString optional cargoBuild writeText concatenate mapAttributes lib.unique'.split(' ');
const operators = ['+', '++', '//', '&&', '||', '==', '*', '-'];
const comments = [
  'Built from the same source as the others.',
  'dropped once the next release is out',
  'The order matters: the first that fits is taken.',
  'see the notes of the release',
];

/** Files like those that people write, from a seed: packages with their options, helpers, strings, islands and comments. */
export function realisticSource(length: number, seed: number): string {
  const author = new Author(randomFrom(seed));
  const pieces = [
    '# A collection of packages.\n{ system = "x86_64-linux", packages, lib, ... } =>\nself @ {\n',
  ];
  for (let written = 0; written < length;) {
    const definition = author.definition(pieces.length);
    written += definition.length;
    pieces.push(definition);
  }
  return `${pieces.join('')}}\n`;
}

class Author {
  readonly #random: () => number;

  constructor(random: () => number) {
    this.#random = random;
  }

  /** One binding of the file's set, of ten lines or so. */
  definition(index: number): string {
    const name = `${this.#one(words)}-${index}`;
    const comment = this.#chance(0.4) ? `  # ${this.#one(comments)}\n` : '';
    if (this.#chance(0.3)) return `${comment}  ${name} = ${this.#helper()},\n\n`;
    return `${comment}  ${name} = packages.${this.#one(words)} ${this.#attributes(2, 2)},\n\n`;
  }

  #helper(): string {
    const [a, b] = [this.#one(words), `${this.#one(words)}'`];
    return `${a} => { ${b}, extra = [], ... } =>
    let
      joined = ${this.#expression(2)},
      all    = ${this.#expression(2)},
    in if ${a} == null then joined else all ++ [ ${b}, ${this.#expression(1)} ]`;
  }

  #attributes(depth: number, indentation: number): string {
    const blanks = ' '.repeat(indentation + 2);
    const count = 2 + Math.floor(this.#random() * 6);
    let text = '{\n';
    for (let index = 0; index < count; index++) {
      const name = `${this.#one(words)}${index}`;
      if (this.#chance(0.1)) text += `${blanks}${name},\n`;
      else if (depth > 0 && this.#chance(0.25))
        text += `${blanks}${name}.${this.#one(words)} = ${this.#attributes(depth - 1, indentation + 2)},\n`;
      else text += `${blanks}${name} = ${this.#expression(depth)},\n`;
    }
    return `${text}${' '.repeat(indentation)}}`;
  }

  #expression(depth: number): string {
    if (depth === 0) return this.#leaf();
    const inner = (): string => this.#expression(depth - 1);
    const forms: readonly (() => string)[] = [
      () => this.#leaf(),
      () => this.#leaf(),
      () => `${this.#one(functions)} ${this.#leaf()} ${this.#leaf()}`,
      () =>
        `${this.#one(functions)} (${this.#one(words)} => ${inner()}) [ ${this.#leaf()}, ${this.#leaf()}, ]`,
      () => `(${inner()}) ${this.#one(operators)} (${inner()})`,
      () => `[ ${inner()}, ${inner()}, ${inner()} ]`,
      () => `if self ? ${this.#one(words)} then ${inner()} else ${inner()}`,
    ];
    return this.#one(forms)();
  }

  #leaf(): string {
    const forms: readonly (() => string)[] = [
      () => this.#one(words),
      () => `self.${this.#one(words)}-${this.#number(100)}.${this.#one(words)}`,
      () => `"${this.#one(words)} ${this.#one(comments)}"`,
      () => `"--${this.#one(words)}=\\(self.${this.#one(words)})/bin"`,
      () => String(this.#number(10_000)),
      () => `./${this.#one(words)}/${this.#one(words)}.patch`,
      () => `<github:${this.#one(words)}/${this.#one(words)}/v${this.#number(9)}.${this.#number(20)}>`,
      () => `args.${this.#one(words)} or null`,
    ];
    return this.#one(forms)();
  }

  #one<T>(choices: readonly T[]): T {
    return choices[Math.floor(this.#random() * choices.length)] as T;
  }

  #number(below: number): number {
    return Math.floor(this.#random() * below);
  }

  #chance(part: number): boolean {
    return this.#random() < part;
  }
}
