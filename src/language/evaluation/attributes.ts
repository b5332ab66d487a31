import type { Span } from '../../diagnostics/index.ts';
import { compareCodePoints } from '../../foundation/index.ts';
import type { Slot } from './value.ts';

/** Where an attribute is written. */
export interface AttributePlace {
  readonly name: Span;
  readonly value: Span;
}

/** The place of the attribute of that name in the text, if it is known. */
export type AttributePlaces = (name: string) => AttributePlace | undefined;

/** Attributes: names are strict, values wait until they are needed. All orders are by code point of the name. */
export class Attributes {
  static readonly empty = new Attributes(new Map());

  readonly #entries: ReadonlyMap<string, Slot>;
  readonly #places: AttributePlaces | undefined;
  #names: readonly string[] | undefined;

  /** Takes the map over: it may not be changed afterwards. */
  constructor(entries: ReadonlyMap<string, Slot>, places?: AttributePlaces) {
    this.#entries = entries;
    this.#places = places;
  }

  /** Where the attribute is written, if these attributes are as they are written in one place. */
  placeOf(name: string): AttributePlace | undefined {
    return this.#places?.(name);
  }

  get size(): number {
    return this.#entries.size;
  }

  get(name: string): Slot | undefined {
    return this.#entries.get(name);
  }

  has(name: string): boolean {
    return this.#entries.has(name);
  }

  names(): readonly string[] {
    return (this.#names ??= [...this.#entries.keys()].toSorted(compareCodePoints));
  }

  *entries(): Generator<readonly [string, Slot]> {
    for (const name of this.names()) yield [name, this.#entries.get(name) as Slot];
  }

  values(): readonly Slot[] {
    return this.names().map((name) => this.#entries.get(name) as Slot);
  }

  /** These attributes with those of `other` added, which win where both have a name. */
  update(other: Attributes): Attributes {
    if (other.size === 0) return this;
    if (this.size === 0) return other;
    const entries = new Map(this.#entries);
    for (const [name, slot] of other.#entries) entries.set(name, slot);
    return new Attributes(entries);
  }

  without(names: ReadonlySet<string>): Attributes {
    return new Attributes(new Map(this.#entries.entries().filter(([name]) => !names.has(name))));
  }

  map(change: (name: string, slot: Slot) => Slot): Attributes {
    return new Attributes(new Map(this.#entries.entries().map(([name, slot]) => [name, change(name, slot)])));
  }

  /** The attributes that `keep` accepts, asked in the order of names. */
  filter(keep: (name: string, slot: Slot) => boolean): Attributes {
    return new Attributes(new Map(this.entries().filter(([name, slot]) => keep(name, slot))));
  }
}
