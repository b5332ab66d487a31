/** Ends a program that has used its time: thrown through its frames. */
export class OutOfTime extends Error {
  constructor(limitMs: number) {
    super(outOfTime(limitMs));
  }
}

/** Why a program was ended that did not come to an end. */
export function outOfTime(limitMs: number): string {
  return `it ran for longer than ${limitMs / 1000} s, which is all that a program may take`;
}
