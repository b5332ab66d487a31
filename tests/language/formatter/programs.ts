/** A program written at random, with white space and comments of any form between its tokens. */
export function randomProgram(random: () => number): string {
  return new Writer(random).file();
}

const operators = ['->', '||', '&&', '//', '++', '+', '-', '*', '/', '|>', '<|', '==', '<', '>=', '!='];
const names = ['a', 'b-c', "d'", 'longerName', 'aNameThatIsLongEnoughToBreakLinesWithoutMuchHelp', 'é'];
const atoms = [
  '1',
  '0xFF',
  '2.5',
  '1_000',
  './x',
  '../a/b.c',
  '/x',
  '<cab:packages>',
  '<a:b::/c>/d.e',
  'null',
];
const strings = ['"s"', '"a \\" b \\n"', '"= raw " ="', '"== a =" b =="', '"=a\nb="', '"=a\r\nb="', '""'];
const lineComments = [
  '# c',
  '#',
  '# a  comment of some length, as they often are, behind code   ',
  '#c',
  '# "',
  '# é',
];
const blockComments = ['#= b =#', '#== a =# ==#', '#= #= n =# =#', '#=\n  two\n    lines\n  =#', '#=\nx=#'];
const blanks = [' ', ' ', ' ', '  ', '\n', '\n', '\n  ', '\n\n', '\n\n\n   ', '\t', '\r\n'];

/** Stands behind a quote that must have nothing but closing brackets behind it on its line. */
const lineMustEnd = '\u0001';

/** What may stand between two tokens, with comments as often as is asked for. */
export function randomGap(random: () => number, comments: number): string {
  let gap = chooseFrom(blanks, random);
  while (random() < comments) {
    gap += random() < 0.5 ? `${chooseFrom(lineComments, random)}\n` : chooseFrom(blockComments, random);
    gap += chooseFrom(blanks, random);
  }
  return gap;
}

function chooseFrom<T>(choices: readonly T[], random: () => number): T {
  return choices[Math.floor(random() * choices.length)] as T;
}

class Writer {
  private readonly random: () => number;
  /** How likely a comment is between two tokens: many programs have none, some have them everywhere. */
  private readonly comments: number;
  /** How many more parts there may be. */
  private budget: number;

  constructor(random: () => number) {
    this.random = random;
    this.comments = this.choose([0, 0, 0.02, 0.1, 0.4]);
    this.budget = this.choose([3, 8, 20, 60]);
  }

  file(): string {
    const text = this.join(['', ...this.expression(), '']);
    return text.replaceAll(lineMustEnd, '\n');
  }

  private choose<T>(choices: readonly T[]): T {
    return chooseFrom(choices, this.random);
  }

  private chance(probability: number): boolean {
    return this.random() < probability;
  }

  private many<T>(write: () => T, most = 4): T[] {
    return Array.from({ length: Math.floor(this.random() * (most + 1)) }, write);
  }

  /** The tokens with what may stand between them. */
  private join(tokens: readonly string[]): string {
    let text = '';
    for (const [index, token] of tokens.entries()) {
      if (index > 0) text += this.gap(text, token);
      text += token;
    }
    return text;
  }

  private gap(before: string, next: string): string {
    if (before.endsWith(lineMustEnd)) {
      if (/^[,)\]}]/.test(next) && this.chance(0.5)) return '';
      return this.choose(['\n', ' # behind a quote\n', '\r\n\n  ']);
    }
    return randomGap(this.random, this.comments);
  }

  private expression(): string[] {
    if (this.budget-- < 0) return [this.choose(atoms)];
    switch (Math.floor(this.random() * 10)) {
      case 0:
        return [this.choose(names), '=>', ...this.expression()];
      case 1:
        return [...this.pattern(), '=>', ...this.expression()];
      case 2:
        return ['let', ...this.bindings(), 'in', ...this.expression()];
      case 3:
        return ['if', ...this.expression(), 'then', ...this.expression(), 'else', ...this.expression()];
      case 4:
      case 5: {
        // A chain of one operator groups by itself; comparisons do not, and get no third operand.
        const operator = this.choose(operators);
        const most = ['==', '<', '>=', '!='].includes(operator) ? 0 : 4;
        const further = [...this.operand(), ...this.many(() => [operator, ...this.operand()], most).flat()];
        return [...this.operand(), operator, ...further];
      }
      case 6:
        return [...this.operand(), '?', ...this.path()];
      default:
        return this.operand();
    }
  }

  private operand(): string[] {
    switch (Math.floor(this.random() * 6)) {
      case 0:
        return [this.choose(['!', '-']), ...this.selection()];
      case 1:
      case 2:
        return [this.choose(names), ...this.many(() => this.selection()).flat()];
      case 3:
        return ['(', ...this.expression(), ')', ...this.selection()];
      default:
        return this.selection();
    }
  }

  private selection(): string[] {
    if (this.chance(0.7)) return this.atom();
    const fallback = this.chance(0.3) ? ['or', ...this.selection()] : [];
    return [...this.atom(), '.', ...this.path(), ...fallback];
  }

  private path(): string[] {
    return [this.key(), ...this.many(() => ['.', this.key()], 2).flat()];
  }

  private key(): string {
    if (this.chance(0.8)) return this.choose(names);
    return this.chance(0.5) ? '`a \\(b + 1)`' : this.choose(['"c d"', '`if`', '"= e ="']);
  }

  private atom(): string[] {
    if (this.budget-- < 0) return [this.choose(atoms)];
    switch (Math.floor(this.random() * 10)) {
      case 0:
        return ['(', ...this.expression(), ')'];
      case 1:
        return ['[', ...this.separated(() => this.expression()), ']'];
      case 2:
      case 3:
        return [...this.bound(), '{', ...this.attributes(), '}'];
      case 4:
        return [this.choose(strings)];
      case 5:
        return [this.choose(['"x \\(', './y/\\(', '<a:z\\(']) + this.interpolated()].map(close);
      case 6:
        return [this.lines()];
      case 7:
        return [`<git:{${this.join(['', ...this.attributes(), '}'])}>`];
      default:
        return [this.chance(0.5) ? this.choose(atoms) : this.choose(names)];
    }
  }

  /** What stands in an interpolation: a comma there has brackets around it. */
  private interpolated(): string {
    const tokens = this.choose([
      [this.choose(names)],
      ['let', 'a', '=', this.choose(atoms), 'in', 'a'],
      ['(', ...this.expression(), ')'],
    ]);
    return this.join(['', ...tokens, '']).replaceAll(lineMustEnd, '\n');
  }

  private bound(): string[] {
    return this.chance(0.2) ? [this.choose(names), '@'] : [];
  }

  private pattern(): string[] {
    const fields = uniqueNames.slice(0, Math.floor(this.random() * 5));
    const tokens = fields.flatMap((name) => [
      name,
      ...(this.chance(0.3) ? ['=', ...this.expression()] : []),
      ',',
    ]);
    if (this.chance(0.3)) tokens.push('...', ...(this.chance(0.3) ? [','] : []));
    else if (this.chance(0.5)) tokens.pop();
    // The name of the whole is none of its fields.
    return [...(this.chance(0.2) ? ['args', '@'] : []), '{', ...tokens, '}'];
  }

  private bindings(): string[] {
    let number = 0;
    return this.separated(() => [
      `n${number++}`,
      ...this.many(() => ['.', this.key()], 1).flat(),
      '=',
      ...this.expression(),
    ]);
  }

  private attributes(): string[] {
    if (this.chance(0.2)) return this.separated(() => [uniqueNames[this.budget-- & 3] as string]).slice(0, 1);
    return this.bindings();
  }

  private separated(write: () => string[]): string[] {
    const tokens = this.many(() => [...write(), ',']).flat();
    if (this.chance(0.5)) tokens.pop();
    return tokens;
  }

  /** A string of several lines, indented in any way. */
  private lines(): string {
    const raw = this.choose(['', '', '=']);
    const content = this.many(() => {
      const text = this.choose([
        'text',
        '',
        '  more  ',
        '"quoted" text',
        '# no comment',
        '\t tab',
        'a \\(b)',
        '\\n',
      ]);
      const isRaw = raw !== '' && text.includes('\\');
      return this.choose(['', '  ', '    ', '\t', '      ']) + (isRaw ? 'raw' : text);
    }).map((line) => `${line}${this.choose(['\n', '\n', '\r\n'])}`);
    return `"${raw}${this.choose(['', ' '])}\n${content.join('')}${this.choose(['', '  ', '\t'])}${raw}"${lineMustEnd}`;
  }
}

const uniqueNames = ['a', 'bb', 'c-c', 'd'];

/** What was opened by the beginning of the text is closed. */
function close(text: string): string {
  if (text.startsWith('"')) return `${text})"`;
  return text.startsWith('<') ? `${text})>` : `${text})`;
}
