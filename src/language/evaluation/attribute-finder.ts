import { Attributes } from './attributes.ts';
import { attributeOf } from './select.ts';
import type { Shape } from './shape.ts';
import type { Slot, Value } from './value.ts';

/** Finds the attribute of one name, and remembers where it was in the shape that it saw last: a place in a text mostly sees the same. */
export class AttributeFinder {
  readonly name: string;
  shape: Shape | undefined;
  /** Where the attribute is in that shape. */
  index = 0;

  constructor(name: string) {
    this.name = name;
  }

  /** The attribute of attributes or of a derivation; undefined where it is missing. */
  find(value: Value): Slot | undefined {
    if (!(value instanceof Attributes)) return attributeOf(value, this.name);
    if (value.shape === this.shape) return value.slots[this.index];
    const index = value.shape.indexOf(this.name);
    if (index === -1) return undefined;
    this.shape = value.shape;
    this.index = index;
    return value.slots[index];
  }

  /** Puts the value in the place of its thunk, where that is where it was found last. */
  keep(attributes: Value, value: Value): void {
    if (attributes instanceof Attributes && attributes.shape === this.shape)
      attributes.slots[this.index] = value;
  }
}
