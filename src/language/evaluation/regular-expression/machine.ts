import type { Program, Step } from './program.ts';

/** The ends of the groups of a match, -1 where a group matched nothing. */
export type Slots = readonly number[];

/** Whether a match begins at the offset, or may begin anywhere behind it. */
export type Search = 'here' | 'onwards';

/**
 * Runs a program over a text from an offset on, in time that grows with the length of both and no faster: all ways to
 * match go forward together, character by character, and of two that come to the same step only the first goes on. The
 * match is the one that trying one way after the other would find.
 */
export function runProgram(
  program: Program,
  slotCount: number,
  text: string,
  from: number,
  search: Search,
): Slots | undefined {
  const machine = new Machine(program, text);
  const beginning: Thread = {
    step: program.length - 1,
    slots: Array.from<number>({ length: slotCount }).fill(-1),
  };
  let threads: Thread[] = [];
  let found: Slots | undefined;
  for (let offset = from; ;) {
    if (found === undefined && (search === 'onwards' || offset === from)) {
      machine.follow(beginning, offset, threads);
    }
    if (threads.length === 0 && (found !== undefined || search === 'here')) return found;
    const codePoint = text.codePointAt(offset);
    const after = offset + (codePoint !== undefined && codePoint > 0xffff ? 2 : 1);
    const next: Thread[] = [];
    machine.beginCharacter();
    for (const { step, slots } of threads) {
      const instruction = program[step];
      if (instruction?.kind === 'end') {
        // Those behind it would have been tried later.
        found = slots;
        break;
      }
      if (instruction?.kind !== 'character' || codePoint === undefined) continue;
      if (instruction.test.accepts(codePoint)) machine.follow({ step: instruction.next, slots }, after, next);
    }
    if (codePoint === undefined) return found;
    threads = next;
    offset = after;
  }
}

/** A way to match that has come as far as a step. */
interface Thread {
  readonly step: number;
  readonly slots: Slots;
}

class Machine {
  readonly #program: Program;
  readonly #text: string;
  /** By step, the number of the character before which it was last come to. */
  readonly #seen: Int32Array;
  #character = 1;

  constructor(program: Program, text: string) {
    this.#program = program;
    this.#text = text;
    this.#seen = new Int32Array(program.length);
  }

  beginCharacter(): void {
    this.#character++;
  }

  /** Adds the steps that wait for a character, as far as one comes without any, in the order in which they are tried. */
  follow(thread: Thread, offset: number, threads: Thread[]): void {
    const waiting = [thread];
    for (let current = waiting.pop(); current !== undefined; current = waiting.pop()) {
      const { step, slots } = current;
      if (this.#seen[step] === this.#character) continue;
      this.#seen[step] = this.#character;
      const instruction = this.#program[step] as Step;
      if (instruction.kind === 'character' || instruction.kind === 'end') threads.push(current);
      else if (instruction.kind === 'fork') {
        for (const next of instruction.next.toReversed()) waiting.push({ step: next, slots });
      } else if (instruction.kind === 'save') {
        waiting.push({ step: instruction.next, slots: slots.with(instruction.slot, offset) });
      } else if (instruction.kind === 'forget') {
        waiting.push({ step: instruction.next, slots: forgotten(slots, instruction.from, instruction.to) });
      } else if (this.#holds(instruction.assertion, offset)) waiting.push({ step: instruction.next, slots });
    }
  }

  #holds(assertion: '^' | '$' | 'b' | 'B', offset: number): boolean {
    if (assertion === '^') return offset === 0;
    if (assertion === '$') return offset === this.#text.length;
    const isBoundary = isWord(this.#text[offset - 1]) !== isWord(this.#text[offset]);
    return isBoundary === (assertion === 'b');
  }
}

function forgotten(slots: Slots, from: number, to: number): Slots {
  return slots.map((place, slot) => (slot >= from && slot < to ? -1 : place));
}

function isWord(character: string | undefined): boolean {
  return character !== undefined && /\w/.test(character);
}
