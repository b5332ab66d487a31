/** The values of the reference interpreter: integers are big ones always, a list is an array of cells, attributes a map. */
export type Value =
  null | boolean | bigint | Double | string | readonly Cell[] | ReadonlyMap<string, Cell> | Callable;

export class Double {
  readonly value: number;

  constructor(value: number) {
    this.value = value;
  }
}

export class Callable {
  readonly call: (argument: Cell, place: Place) => Value;

  constructor(call: (argument: Cell, place: Place) => Value) {
    this.call = call;
  }
}

export interface Place {
  readonly start: number;
  readonly end: number;
  /** The whole chain `f x y`, where it is a call in one: an error may tell any part of it that is wrong. */
  readonly chain?: Place;
}

/** Errors of what is called and of what it is given: told at the call, or at the part of it that is wrong. */
const codesOfCalls = new Set(['CAB2004', 'CAB2006', 'CAB2014', 'CAB2022']);

/** An error of the program. */
export class Failure extends Error {
  readonly code: string;
  readonly place: Place | undefined;

  constructor(code: string, place: Place | undefined, message = '') {
    super(message);
    this.code = code;
    this.place = place;
  }

  /** Whether the error may be told at any part of the chain of calls. */
  get isWithin(): boolean {
    return this.place?.chain !== undefined && codesOfCalls.has(this.code);
  }

  get isCatchable(): boolean {
    return this.code === 'CAB2010' || this.code === 'CAB2011';
  }
}

/** The program runs longer, or makes greater values, than this interpreter cares to see. */
export class OutOfFuel extends Error {}

/** How many steps a program may take, and what has been seen of it. */
export class Run {
  static current = new Run(0);

  #fuel: number;
  /** Whether anything was computed again after a failure, and what it traces with it. */
  hasRetried = false;

  constructor(fuel: number) {
    this.#fuel = fuel;
  }

  step(): void {
    if (this.#fuel-- <= 0) throw new OutOfFuel();
  }
}

/** Something computed at most once, when it is first asked for; after a failure it can be asked for again. */
export class Cell {
  static readonly given = (value: Value): Cell => new Cell(() => value);

  #compute: (() => Value) | undefined;
  #value: Value = null;
  #isRunning = false;
  #hasFailed = false;

  constructor(compute: () => Value) {
    this.#compute = compute;
  }

  force(): Value {
    Run.current.step();
    if (this.#compute === undefined) return this.#value;
    if (this.#isRunning) throw new Failure('CAB2002', undefined);
    if (this.#hasFailed) Run.current.hasRetried = true;
    this.#isRunning = true;
    this.#hasFailed = true;
    try {
      this.#value = this.#compute();
      this.#compute = undefined;
      return this.#value;
    } finally {
      this.#isRunning = false;
    }
  }
}

export function isList(value: Value): value is readonly Cell[] {
  return Array.isArray(value);
}

export function isNumber(value: Value): value is bigint | Double {
  return typeof value === 'bigint' || value instanceof Double;
}

export function typeOf(value: Value): string {
  if (value === null) return 'null';
  if (typeof value === 'bigint') return 'integer';
  if (value instanceof Double) return 'float';
  if (value instanceof Callable) return 'lambda';
  if (isList(value)) return 'list';
  return value instanceof Map ? 'attributes' : typeof value;
}

/** The cells of attributes in the order of their names. */
export function inOrder(attributes: ReadonlyMap<string, Cell>): [string, Cell][] {
  return [...attributes].toSorted(([left], [right]) => compareTexts(left, right));
}

/** By code point, which is the order of the bytes of UTF-8. */
export function compareTexts(left: string, right: string): number {
  return Buffer.compare(Buffer.from(left), Buffer.from(right));
}
