import type { Label } from '../../diagnostics/index.ts';
import { Circle } from './circle.ts';
import { annotateValue } from './fault.ts';
import type { Slot, Value } from './value.ts';

/**
 * The variables of one call: first the frame around it, then values and what waits to become one. What waits may find the
 * same frame again when it is started once more after an effect.
 */
export type Frame = unknown[];

/** A compiled expression. */
export type Code = (frame: Frame) => Value;

/** What is evaluated as one: the body of a function, or what waits to become a value. Its code may be exchanged for better. */
export class Unit {
  run: (this: Unit, frame: Frame) => Value;

  constructor(run: (this: Unit, frame: Frame) => Value) {
    this.run = run;
  }

  /** Exchanges code that was made for speed for code that, while something waits for an effect, asks for what else is needed. */
  demote(): void {
    // There is no other code.
  }

  /** What an error without a place is about, and where it has a message, a step of its trace. */
  get place(): Label | undefined {
    return undefined;
  }
}

/** Stands in the place of a unit while that is running. It is never run itself. */
const inComputation = new Unit(() => null);

/**
 * A value that is computed when it is first needed. While it is computed it needs itself if it is asked for. Where
 * the computation ends in an error or in a missing effect it is put back as it was, so that it can be started again.
 */
export class Thunk {
  /** Undefined as soon as there is a value. */
  unit: Unit | undefined;
  /** The frame while there is a unit, then the value. */
  content: unknown;

  constructor(unit: Unit, frame: Frame) {
    this.unit = unit;
    this.content = frame;
  }

  get place(): Label | undefined {
    return this.unit?.place;
  }

  /** Whether its value is being computed. */
  get isRunning(): boolean {
    return this.unit === inComputation;
  }

  force(): Value {
    const { unit } = this;
    if (unit === undefined) return this.content as Value;
    if (unit === inComputation) throw new Circle(this);
    this.unit = inComputation;
    try {
      const value = unit.run(this.content as Frame);
      this.unit = undefined;
      this.content = value;
      return value;
    } catch (error) {
      this.unit = unit;
      throw annotateValue(error, this, unit.place);
    }
  }
}

/** The place of what is computed for the slot, as long as it is not. */
export function placeOfSlot(slot: Slot): Label | undefined {
  return slot instanceof Thunk ? slot.place : undefined;
}

export function force(slot: Slot): Value {
  return slot instanceof Thunk ? slot.force() : slot;
}

/** The value in the place of its thunk, where it has been evaluated. */
export function known(slot: Slot): Slot {
  return slot instanceof Thunk && slot.unit === undefined ? (slot.content as Value) : slot;
}

/** The value of a variable, which takes the place of its thunk. */
export function forceAt(frame: Frame, index: number): Value {
  const slot = frame[index] as Slot;
  if (!(slot instanceof Thunk)) return slot;
  const value = slot.force();
  frame[index] = value;
  return value;
}

/** A thunk for what is computed by a function of the evaluator itself. */
export function later(compute: () => Value): Thunk {
  return new Thunk(new Unit(compute), []);
}

/** A thunk that may not be needed before something else takes its place. */
export function notYetThere(): Thunk {
  return new Thunk(inComputation, []);
}
