import type { Pins } from '../derivations/index.ts';
import { compareCodePoints } from '../foundation/index.ts';

/** The pin that tells something about parts of an island too. */
export function commitAlone({ git }: Pins): Pins {
  return git === undefined ? {} : { git };
}

/** Whether a format has another value after than before. */
export function contradicts(before: Pins, after: Pins): boolean {
  return Object.keys(after).some((format) => (before[format] ?? after[format]) !== after[format]);
}

/** What was found, and of what was known before the formats that it lacks. */
export function withMissing(known: Pins, found: Pins): Pins {
  const pins = Object.entries({ ...known, ...found });
  return Object.fromEntries(pins.toSorted(([a], [b]) => compareCodePoints(a, b)));
}

export function samePins(left: Pins, right: Pins): boolean {
  const formats = new Set([...Object.keys(left), ...Object.keys(right)]);
  return [...formats].every((format) => left[format] === right[format]);
}
