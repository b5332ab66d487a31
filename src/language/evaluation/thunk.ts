import type { Label } from '../../diagnostics/index.ts';
import { Circle } from './circle.ts';
import { annotateValue } from './fault.ts';
import type { Slot, Value } from './value.ts';

/**
 * The variables of one call: first the frame around it, then values and what waits to become one. An expression is
 * evaluated at most once in a frame, but for attempts that were given up, so all its `let`s can share it.
 */
export type Frame = unknown[];

/** A compiled expression. */
export type Code = (frame: Frame) => Value;

/** Stands in the place of code while that is running. It is never run itself. */
const inComputation: Code = () => null;

/** The places of code that waits: what an error without a place is about, and where `message` says so, a step of its trace. */
const places = new WeakMap<Code, Label>();

export function placeCode(code: Code, place: Label): Code {
  places.set(code, place);
  return code;
}

/**
 * A value that is computed when it is first needed. While it is computed it needs itself if it is asked for. Where
 * the computation ends in an error or in a missing effect it is put back as it was, so that it can be started again.
 */
export class Thunk {
  #code: Code | undefined;
  /** The frame while there is code, then the value. */
  #content: unknown;

  constructor(code: Code, frame: Frame) {
    this.#code = code;
    this.#content = frame;
  }

  get place(): Label | undefined {
    return this.#code === undefined ? undefined : places.get(this.#code);
  }

  force(): Value {
    const code = this.#code;
    if (code === undefined) return this.#content as Value;
    if (code === inComputation) throw new Circle(this);
    const frame = this.#content as Frame;
    this.#code = inComputation;
    try {
      const value = code(frame);
      this.#code = undefined;
      this.#content = value;
      return value;
    } catch (error) {
      this.#code = code;
      throw annotateValue(error, this, places.get(code));
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

/** A thunk for what is computed by a function of the evaluator itself. */
export function later(compute: () => Value): Thunk {
  return new Thunk(compute, []);
}

/** A thunk that may not be needed before something else takes its place. */
export function notYetThere(): Thunk {
  return new Thunk(inComputation, []);
}
