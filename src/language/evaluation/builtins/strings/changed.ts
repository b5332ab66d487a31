import { contextOf, textOf, withContext } from '../../context.ts';
import { stringOf } from '../../expect.ts';
import type { Site } from '../../fault.ts';
import { force } from '../../thunk.ts';
import type { Slot, Value } from '../../value.ts';

/** The string with another text and the same context. */
export function changed(slot: Slot, site: Site, name: string, change: (text: string) => string): Value {
  const string = stringOf(force(slot), site, `the string of '${name}'`);
  return withContext(change(textOf(string)), contextOf(string));
}

/** Pieces of the string, each with the context of the whole. */
export function pieces(
  slot: Slot,
  site: Site,
  name: string,
  cut: (text: string) => readonly string[],
): Value {
  const string = stringOf(force(slot), site, `the string of '${name}'`);
  const context = contextOf(string);
  return cut(textOf(string)).map((piece) => withContext(piece, context));
}
