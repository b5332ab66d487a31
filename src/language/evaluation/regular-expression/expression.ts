import { triesOf } from './cost.ts';
import { type Slots, runProgram } from './machine.ts';
import { type Program, compilePattern } from './program.ts';
import { type Pattern, parsePattern } from './syntax.ts';

/** A place in a text that an expression matches, and what its groups match there. */
export interface PatternMatch {
  readonly index: number;
  readonly text: string;
  readonly groups: readonly (string | undefined)[];
}

/** How many tries the engine of the platform is trusted with: a few milliseconds. */
const triesLimit = 1_000_000;

/**
 * A compiled expression. The engine of the platform is many times as fast as the one here, and tries one way after the
 * other; so it does only what it cannot be long at. Both find the same.
 */
export class RegularExpression {
  readonly #source: string;
  readonly #pattern: Pattern;
  readonly #slotCount: number;
  readonly #wholeProgram: Program;
  /** One step shorter than that for a whole text, so not too large. */
  #program: Program | undefined;
  #native: RegExp | undefined;
  #wholeNative: RegExp | undefined;

  /** `source` is what `new RegExp(source, 'v')` accepts. */
  constructor(source: string) {
    const { pattern, groupCount } = parsePattern(source);
    this.#source = source;
    this.#pattern = pattern;
    this.#slotCount = 2 * (groupCount + 1);
    this.#wholeProgram = compilePattern({
      kind: 'sequence',
      parts: [pattern, { kind: 'assertion', assertion: '$' }],
    });
  }

  /** What the groups match where the expression matches the whole text. */
  matchWhole(text: string): readonly (string | undefined)[] | undefined {
    if (triesOf(this.#pattern, text.length) <= triesLimit) {
      return (this.#wholeNative ??= new RegExp(`^(?:${this.#source})$`, 'v')).exec(text)?.slice(1);
    }
    const slots = runProgram(this.#wholeProgram, this.#slotCount, text, 0, 'here');
    return slots === undefined ? undefined : matchOf(text, slots).groups;
  }

  /** All places that the expression matches, from left to right. */
  findAll(text: string): readonly PatternMatch[] {
    if (triesOf(this.#pattern, text.length) * (text.length + 1) <= triesLimit) {
      return Array.from(text.matchAll((this.#native ??= new RegExp(this.#source, 'gv'))), (found) => ({
        index: found.index,
        text: found[0],
        groups: found.slice(1),
      }));
    }
    const program = (this.#program ??= compilePattern(this.#pattern));
    const matches: PatternMatch[] = [];
    for (let offset = 0; offset <= text.length;) {
      const slots = runProgram(program, this.#slotCount, text, offset, 'onwards');
      if (slots === undefined) return matches;
      const match = matchOf(text, slots);
      matches.push(match);
      const end = match.index + match.text.length;
      offset = match.text === '' ? end + widthAt(text, end) : end;
    }
    return matches;
  }
}

function matchOf(text: string, slots: Slots): PatternMatch {
  const pieces: (string | undefined)[] = [];
  for (let slot = 0; slot < slots.length; slot += 2) {
    const [start = -1, end = -1] = [slots[slot], slots[slot + 1]];
    pieces.push(start < 0 || end < 0 ? undefined : text.slice(start, end));
  }
  const [whole = '', ...groups] = pieces;
  return { index: slots[0] ?? 0, text: whole, groups };
}

function widthAt(text: string, offset: number): number {
  return (text.codePointAt(offset) ?? 0) > 0xffff ? 2 : 1;
}
