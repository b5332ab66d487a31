import { compareCodePoints } from '../../foundation/index.ts';

/** Up to how many names a shape is looked for among those that there are, so that sets with the same names share one. */
const internedLength = 32;
/** How many shapes are shared at most, and how many plans one shape keeps: beyond that they are made anew each time. */
const internedLimit = 20_000;
const planLimit = 64;
/** Up to how many names a lookup goes through them one by one. */
const scannedLength = 8;

const surrogate = /[\ud800-\udfff]/;
const interned = new Map<string, Shape>();

/** How the slots of two sets become those of the first updated with the second. */
export interface UpdatePlan {
  readonly shape: Shape;
  /** For each slot its index in the first set, or the complement of that in the second. */
  readonly sources: Int32Array;
  /** Where the second has no other names than the first: the index in the first of each of its slots. */
  readonly replaced: Int32Array | undefined;
}

/** Which slots of a set the attributes are that another has too. */
export interface IntersectionPlan {
  readonly shape: Shape;
  readonly sources: Int32Array;
}

/** The names of attributes in the order of their code points. Made by `shapeOf` and `shapeOfSorted` only. */
export class Shape {
  readonly names: readonly string[];
  #indices: Map<string, number> | undefined;
  #lookups = 0;
  #plans: Map<Shape, UpdatePlan> | undefined;
  #intersections: Map<Shape, IntersectionPlan> | undefined;

  constructor(names: readonly string[]) {
    this.names = names;
  }

  /** The index of the name, or -1. */
  indexOf(name: string): number {
    const { names } = this;
    if (names.length <= scannedLength) {
      for (let index = 0; index < names.length; index++) if (names[index] === name) return index;
      return -1;
    }
    return this.#indices?.get(name) ?? (this.#indices === undefined ? this.#search(name) : -1);
  }

  /** A set that is asked seldom does not pay for a dictionary. */
  #search(name: string): number {
    const { names } = this;
    if (++this.#lookups * 16 > names.length) {
      const indices = (this.#indices = new Map<string, number>());
      for (let index = 0; index < names.length; index++) indices.set(names[index] as string, index);
      return indices.get(name) ?? -1;
    }
    let low = 0;
    let high = names.length - 1;
    while (low <= high) {
      const middle = (low + high) >>> 1;
      const order = compareNames(names[middle] as string, name);
      if (order === 0) return middle;
      if (order < 0) low = middle + 1;
      else high = middle - 1;
    }
    return -1;
  }

  intersectedWith(other: Shape): IntersectionPlan {
    const known = this.#intersections?.get(other);
    if (known !== undefined) return known;
    const plan = planIntersection(this, other);
    this.#intersections ??= new Map();
    if (this.#intersections.size < planLimit) this.#intersections.set(other, plan);
    return plan;
  }

  updatedWith(other: Shape): UpdatePlan {
    const known = this.#plans?.get(other);
    if (known !== undefined) return known;
    const plan = planUpdate(this, other);
    this.#plans ??= new Map();
    if (this.#plans.size < planLimit) this.#plans.set(other, plan);
    return plan;
  }
}

/** The names of both, found by going over the smaller of the two. */
function planIntersection(shape: Shape, other: Shape): IntersectionPlan {
  const names: string[] = [];
  const sources: number[] = [];
  const smaller = shape.names.length <= other.names.length ? shape : other;
  const larger = smaller === shape ? other : shape;
  for (let index = 0; index < smaller.names.length; index++) {
    const name = smaller.names[index] as string;
    const found = larger.indexOf(name);
    if (found === -1) continue;
    names.push(name);
    sources.push(smaller === shape ? index : found);
  }
  return { shape: shapeOfSorted(names), sources: Int32Array.from(sources) };
}

export const emptyShape = new Shape([]);

/** The shape of names that are distinct, in any order. */
export function shapeOf(names: readonly string[]): Shape {
  if (names.length === 0) return emptyShape;
  if (names.length > internedLength) return new Shape(sorted(names));
  const key = names.join('\0');
  const known = interned.get(key);
  if (known !== undefined && known.names.length === names.length) return known;
  const shape = shapeOfSorted(sorted(names));
  // Texts write the same names in the same order, which need not be sorted again.
  intern(key, shape);
  return shape;
}

/** The shape of names that are distinct and in their order. */
export function shapeOfSorted(names: readonly string[]): Shape {
  if (names.length === 0) return emptyShape;
  if (names.length > internedLength) return new Shape(names);
  const key = names.join('\0');
  const known = interned.get(key);
  if (known !== undefined && known.names.length === names.length) return known;
  const shape = new Shape(names);
  intern(key, shape);
  return shape;
}

/** A key stands for one list of names among those of its length, since no name of a shape that is found by it has the separator in it. */
function intern(key: string, shape: Shape): void {
  if (interned.has(key) || interned.size >= internedLimit) return;
  if (!shape.names.some((name) => name.includes('\0'))) interned.set(key, shape);
}

function compareNames(left: string, right: string): number {
  if (left === right) return 0;
  if (surrogate.test(left) || surrogate.test(right)) return compareCodePoints(left, right);
  return left < right ? -1 : 1;
}

function sorted(names: readonly string[]): readonly string[] {
  if (names.some((name) => surrogate.test(name))) return names.toSorted(compareCodePoints);
  // Without surrogates the order of UTF-16 units is that of code points, and needs no function of ours.
  for (let index = 1; index < names.length; index++) {
    if ((names[index - 1] as string) > (names[index] as string)) return names.toSorted();
  }
  return names;
}

function planUpdate(left: Shape, right: Shape): UpdatePlan {
  const names: string[] = [];
  const sources: number[] = [];
  const replaced = new Int32Array(right.names.length);
  let [first, second] = [0, 0];
  while (first < left.names.length || second < right.names.length) {
    const a = left.names[first];
    const b = right.names[second];
    const order = a === undefined ? 1 : b === undefined ? -1 : compareNames(a, b);
    if (order >= 0) {
      replaced[second] = first;
      names.push(b as string);
      sources.push(~second++);
      if (order === 0) first++;
    } else {
      names.push(a as string);
      sources.push(first++);
    }
  }
  if (names.length === left.names.length) return { shape: left, sources: Int32Array.from(sources), replaced };
  const shape = names.length === right.names.length ? right : shapeOfSorted(names);
  return { shape, sources: Int32Array.from(sources), replaced: undefined };
}
