import type { Scope } from '../scope.ts';
import { type Code, type Frame, Thunk, Unit, force, forceAt } from '../thunk.ts';
import type { Slot } from '../value.ts';

/** Code that gives an expression's value where it is at hand, and a thunk where there is something to evaluate. */
export type LaterCode = (frame: Frame) => Slot;

/** What becomes a slot when a frame is there: a value as it is, what is to wait, or code that gives one of both. */
export type Later = LaterCode | Unit | Slot;

/** The slot of a frame. */
export function slotOf(later: Later, frame: Frame): Slot {
  if (typeof later === 'function') return later(frame);
  return later instanceof Unit ? new Thunk(later, frame) : later;
}

/** The value of a variable. */
export function compileName(name: string, scope: Scope): Code {
  const found = scope.resolve(name);
  if (found.kind === 'global') {
    const { slot } = found;
    return () => force(slot);
  }
  const { depth, index } = found;
  if (depth === 0) return (frame) => forceAt(frame, index);
  if (depth === 1) return (frame) => forceAt(frame[0] as Frame, index);
  if (depth === 2) return (frame) => forceAt((frame[0] as Frame)[0] as Frame, index);
  return (frame) => forceAt(outward(frame, depth), index);
}

/** A variable as an argument or element, where it is handed on as it is. */
export function compileVariable(name: string, scope: Scope): Later {
  const found = scope.resolve(name);
  if (found.kind === 'global') return found.slot;
  const { depth, index } = found;
  if (depth === 0) return (frame) => frame[index] as Slot;
  if (depth === 1) return (frame) => (frame[0] as Frame)[index] as Slot;
  return (frame) => outward(frame, depth)[index] as Slot;
}

/**
 * A variable as a value that is bound while its own frame may not be complete, in a `let` or below a `self @`. `unit` evaluates
 * it where it is not there yet.
 */
export function compileAlias(name: string, scope: Scope, unit: Unit): LaterCode {
  const variable = compileVariable(name, scope);
  return (frame) => {
    const slot = slotOf(variable, frame) as Slot | undefined;
    if (slot === undefined || (slot instanceof Thunk && slot.isRunning)) return new Thunk(unit, frame);
    return slot;
  };
}

export function outward(frame: Frame, depth: number): Frame {
  let outer = frame;
  for (let step = 0; step < depth; step++) outer = outer[0] as Frame;
  return outer;
}
