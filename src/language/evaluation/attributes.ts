import type { Span } from '../../diagnostics/index.ts';
import { type Shape, emptyShape, shapeOf, shapeOfSorted } from './shape.ts';
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
  static readonly empty = new Attributes(emptyShape, []);

  readonly shape: Shape;
  /** The values in the order of the shape's names. A value may take the place of the thunk that it came from. */
  readonly slots: Slot[];
  readonly #places: AttributePlaces | undefined;

  /** Takes the slots over: nobody else may change them afterwards. */
  constructor(shape: Shape, slots: Slot[], places?: AttributePlaces) {
    this.shape = shape;
    this.slots = slots;
    this.#places = places;
  }

  static fromMap(entries: ReadonlyMap<string, Slot>, places?: AttributePlaces): Attributes {
    const names = [...entries.keys()];
    const shape = shapeOf(names);
    const slots =
      shape.names === names ? [...entries.values()] : shape.names.map((name) => entries.get(name) as Slot);
    return new Attributes(shape, slots, places);
  }

  static fromObject(members: Readonly<Record<string, Slot>>): Attributes {
    return Attributes.fromMap(new Map(Object.entries(members)));
  }

  /** Where the attribute is written, if these attributes are as they are written in one place. */
  placeOf(name: string): AttributePlace | undefined {
    return this.#places?.(name);
  }

  get size(): number {
    return this.slots.length;
  }

  get(name: string): Slot | undefined {
    const index = this.shape.indexOf(name);
    return index === -1 ? undefined : this.slots[index];
  }

  has(name: string): boolean {
    return this.shape.indexOf(name) !== -1;
  }

  names(): readonly string[] {
    return this.shape.names;
  }

  *entries(): Generator<readonly [string, Slot]> {
    const { names } = this.shape;
    for (let index = 0; index < names.length; index++)
      yield [names[index] as string, this.slots[index] as Slot];
  }

  values(): readonly Slot[] {
    return this.slots;
  }

  /** These attributes with those of `other` added, which win where both have a name. */
  update(other: Attributes): Attributes {
    if (other.slots.length === 0) return this;
    if (this.slots.length === 0) return other;
    if (this.shape === other.shape) return other;
    const { shape, sources, replaced } = this.shape.updatedWith(other.shape);
    if (replaced !== undefined) {
      const slots = this.slots.slice();
      for (let index = 0; index < replaced.length; index++) {
        slots[replaced[index] as number] = other.slots[index] as Slot;
      }
      return new Attributes(shape, slots);
    }
    const slots: Slot[] = [];
    for (let index = 0; index < sources.length; index++) {
      const source = sources[index] as number;
      slots.push((source >= 0 ? this.slots[source] : other.slots[~source]) as Slot);
    }
    return new Attributes(shape, slots);
  }

  /** The attributes whose names `other` has too. */
  intersect(other: Attributes): Attributes {
    const { shape, sources } = this.shape.intersectedWith(other.shape);
    const slots: Slot[] = [];
    for (let index = 0; index < sources.length; index++)
      slots.push(this.slots[sources[index] as number] as Slot);
    return new Attributes(shape, slots);
  }

  without(names: ReadonlySet<string>): Attributes {
    return this.filter((name) => !names.has(name));
  }

  map(change: (name: string, slot: Slot) => Slot): Attributes {
    const { names } = this.shape;
    return new Attributes(
      this.shape,
      this.slots.map((slot, index) => change(names[index] as string, slot)),
    );
  }

  /** The attributes that `keep` accepts, asked in the order of names. */
  filter(keep: (name: string, slot: Slot) => boolean): Attributes {
    const names: string[] = [];
    const slots: Slot[] = [];
    for (let index = 0; index < this.slots.length; index++) {
      const name = this.shape.names[index] as string;
      const slot = this.slots[index] as Slot;
      if (!keep(name, slot)) continue;
      names.push(name);
      slots.push(slot);
    }
    return names.length === this.slots.length ? this : new Attributes(shapeOfSorted(names), slots);
  }
}
