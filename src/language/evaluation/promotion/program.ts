import type { LambdaCode } from '../lambda.ts';
import type { Unit } from '../thunk.ts';

/** From how much text on a function is not worth it: what is that large is not called for its own speed. */
const maximumLength = 100_000;

/** Thrown where a function cannot be written, or is too large. It goes on as it was. */
export class NotWritten extends Error {}

/** The JavaScript text of a function and of all that waits in it, and the objects that the text speaks of. */
export class Program {
  /** The function that is being written, which the text knows as `enter`. */
  owner: LambdaCode | undefined;
  readonly constants: unknown[] = [];
  /** The units that get code of this text, in the order in which the text gives their functions. */
  readonly units: Unit[] = [];
  readonly functions: string[] = [];
  #length = 0;

  /** The name under which the text knows the object. */
  constant(value: unknown): string {
    this.constants.push(value);
    return `k${this.constants.length - 1}`;
  }

  /** Makes room for the function of a unit, whose text may name further units. */
  addUnit(unit: Unit, write: () => string): string {
    const index = this.units.push(unit) - 1;
    this.functions.push('');
    const text = write();
    this.#length += text.length;
    if (this.#length > maximumLength) throw new NotWritten();
    this.functions[index] = text;
    return this.constant(unit);
  }
}
