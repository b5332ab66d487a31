import { EffectNeeded } from './world.ts';

/** How many computations one after the other may come to nothing but effects that were asked for already. */
const fruitlessLimit = 100;

/** What was asked for ahead in this attempt, and how many computations there were since the last that asked for more. */
const asked = new Set<unknown>();
let fruitless = 0;

/** An attempt at an evaluation begins. */
export function forgetAsked(): void {
  asked.clear();
  fruitless = 0;
}

/**
 * Computes something for each item where all are needed. An item that needs an effect does not keep the others from
 * asking for theirs, so that the world can do them side by side; what is thrown is what the first failing item threw.
 */
export function allOf<Item, Result>(items: readonly Item[], compute: (item: Item) => Result): Result[] {
  const results: Result[] = [];
  let index = 0;
  try {
    for (; index < items.length; index++) results.push(compute(items[index] as Item));
    return results;
  } catch (error) {
    throw askRest(error, items, index + 1, compute);
  }
}

/** The items that are accepted, where all have to be asked. */
export function acceptedOf<Item>(items: readonly Item[], accepts: (item: Item) => boolean): Item[] {
  const accepted: Item[] = [];
  let index = 0;
  try {
    for (; index < items.length; index++) {
      const item = items[index] as Item;
      if (accepts(item)) accepted.push(item);
    }
    return accepted;
  } catch (error) {
    throw askRest(error, items, index + 1, accepts);
  }
}

/** What the functions give, by their names, where all are needed. */
export function partsOf<Parts extends object>(compute: {
  readonly [Name in keyof Parts]: () => Parts[Name];
}): Parts {
  const entries = Object.entries(compute) as [string, () => unknown][];
  return Object.fromEntries(allOf(entries, ([name, part]) => [name, part()])) as Parts;
}

/**
 * What to throw where an item threw `error`, which is that. If it is a missing effect, the items from an index on, which are needed
 * too, are made to ask for theirs.
 */
export function askRest<Item>(
  error: unknown,
  items: readonly Item[],
  next: number,
  compute: (item: Item) => unknown,
): unknown {
  if (!(error instanceof EffectNeeded)) return error;
  for (let index = next; index < items.length; index++) ask(compute, items[index] as Item);
  return error;
}

/** The same where one more computation is needed: `compute` of the item. */
export function askToo<Item>(error: unknown, compute: (item: Item) => unknown, item: Item): unknown {
  if (error instanceof EffectNeeded) ask(compute, item);
  return error;
}

/**
 * Computes ahead, for the effects alone. Where much waits for one and the same, as each element of a long list may, it is not all tried:
 * what is left asks in the next attempt.
 */
function ask<Item>(compute: (item: Item) => unknown, item: Item): void {
  if (fruitless >= fruitlessLimit) return;
  try {
    compute(item);
  } catch (error) {
    // Another error comes again when what stands before it has been computed, and is told then.
    if (!(error instanceof EffectNeeded)) return;
    fruitless = asked.has(error.effect) ? fruitless + 1 : 0;
    asked.add(error.effect);
  }
}
