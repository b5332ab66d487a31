import { booleanOf, bounded, compare, equal, listOf, mapOf, numberOf } from './operators.ts';
import { stringOf } from './operators.ts';
import { Callable, Cell, Double, Failure, OutOfFuel, type Place, type Value } from './value.ts';
import { inOrder, isList, typeOf } from './value.ts';

type Run = (place: Place, ...cells: readonly Cell[]) => Value;

/** The names that a random program may use without binding them. */
export function builtins(traced: string[], files: Readonly<Record<string, string>>): Map<string, Cell> {
  const names = new Map<string, Cell>(
    Object.entries({ true: true, false: false, null: null }).map(([name, value]) => [
      name,
      Cell.given(value),
    ]),
  );
  const all = { ...definitions, ...outside(traced, files) };
  for (const [name, run] of Object.entries(all)) names.set(name, Cell.given(curry(run, run.length - 1)));
  names.set('builtins', Cell.given(new Map(names)));
  return names;
}

/** What reaches out of the program. */
function outside(traced: string[], files: Readonly<Record<string, string>>): Record<string, Run> {
  return {
    trace: (_at, message, value) => {
      traced.push(message.force() as string);
      return value.force();
    },
    readFile: (_at, path) => files[path.force() as string] as string,
  };
}

function curry(run: Run, arity: number, given: readonly Cell[] = []): Callable {
  return new Callable((argument, place) => {
    const cells = [...given, argument];
    return cells.length === arity ? run(place, ...cells) : curry(run, arity, cells);
  });
}

function call(callee: Value, place: Place, ...cells: readonly Cell[]): Value {
  let value = callee;
  for (const cell of cells) {
    if (!(value instanceof Callable)) throw new Failure('CAB2006', place);
    value = value.call(cell, place);
  }
  return value;
}

function later(callee: Value, place: Place, ...cells: readonly Cell[]): Cell {
  return new Cell(() => call(callee, place, ...cells));
}

function functionOf(value: Value, place: Place): Value {
  if (value instanceof Callable) return value;
  throw new Failure('CAB2004', place);
}

function countOf(value: Value, place: Place): number {
  if (typeof value !== 'bigint') throw new Failure('CAB2004', place);
  if (value < 0n || value > BigInt(Number.MAX_SAFE_INTEGER)) throw new Failure('CAB2022', place);
  if (value > 30_000n) throw new OutOfFuel();
  return Number(value);
}

function integerOf(value: Value, place: Place): bigint {
  if (typeof value === 'bigint') return value;
  throw new Failure('CAB2004', place);
}

function forceDeep(value: Value): void {
  if (isList(value)) for (const cell of value) forceDeep(cell.force());
  else if (value instanceof Map) for (const [, cell] of inOrder(value)) forceDeep(cell.force());
}

function test(place: Place, accept: Cell, ...cells: readonly Cell[]): boolean {
  return booleanOf(call(accept.force(), place, ...cells), place);
}

function first(list: readonly Cell[], index: number, place: Place): Value {
  const cell = list[index];
  if (cell === undefined) throw new Failure('CAB2013', place);
  return cell.force();
}

function attributes(entries: Iterable<readonly [string, Value]>): Value {
  return new Map(Iterator.from(entries).map(([name, value]) => [name, Cell.given(value)]));
}

function typeTest(type: string): Run {
  return (_at, value) => typeOf(value.force()) === type;
}

function bitwise(combine: (left: bigint, right: bigint) => bigint): Run {
  return (at, left, right) => combine(integerOf(left.force(), at), integerOf(right.force(), at));
}

function rounded(round: (value: number) => number): Run {
  return (at, number) => {
    const value = numberOf(number.force(), at);
    return value instanceof Double ? BigInt(round(value.value)) : value;
  };
}

function extreme(isBetter: (order: number) => boolean): Run {
  return (at, list) => {
    const cells = listOf(list.force(), at);
    if (cells.length === 0) throw new Failure('CAB2013', at);
    return cells
      .map((cell) => cell.force())
      .reduce((best, value) => (isBetter(compare(value, best, at)) ? value : best));
  };
}

function part(keep: (list: readonly Cell[], count: number) => readonly Cell[]): Run {
  return (at, count, list) => {
    const cells = listOf(list.force(), at);
    return keep(cells, countOf(count.force(), at));
  };
}

function textOf(at: Place, given: Cell): Value {
  const value = given.force();
  if (value === null || typeof value === 'boolean') return String(value);
  if (typeof value === 'string' || typeof value === 'bigint') return String(value);
  if (value instanceof Double) return digitsOf(value.value);
  throw new Failure('CAB2014', at);
}

/** The digits of a float, which always shows that it is one. */
function digitsOf(value: number): string {
  const digits = Object.is(value, -0) ? '-0' : String(value).replace('+', '');
  return digits.includes('.') ? digits : digits.replace(/^-?[0-9]+/, '$&.0');
}

/** Insertion keeps what is equal in its order. Its results are those of every stable sort; its questions are not. */
function sorted(cells: readonly Cell[], comesBefore: (left: Cell, right: Cell) => boolean): readonly Cell[] {
  const result: Cell[] = [];
  for (const cell of cells) {
    const index = result.findLastIndex((other) => !comesBefore(cell, other));
    result.splice(index + 1, 0, cell);
  }
  return result;
}

const definitions: Record<string, Run> = {
  map: (at, change, list) => {
    const cells = listOf(list.force(), at);
    if (cells.length === 0) return [];
    const callee = functionOf(change.force(), at);
    return cells.map((cell) => later(callee, at, cell));
  },
  filter: (at, accept, list) => listOf(list.force(), at).filter((cell) => test(at, accept, cell)),
  foldLeft: (at, combine, initial, list) => {
    const callee = combine.force();
    return listOf(list.force(), at)
      .reduce((result, cell) => Cell.given(call(callee, at, result, cell)), initial)
      .force();
  },
  foldRight: (at, combine, initial, list) => {
    const cells = listOf(list.force(), at);
    return cells
      .reduceRight((rest, cell) => new Cell(() => call(combine.force(), at, cell, rest)), initial)
      .force();
  },
  length: (at, list) => BigInt(listOf(list.force(), at).length),
  head: (at, list) => first(listOf(list.force(), at), 0, at),
  tail: (at, list) => {
    const cells = listOf(list.force(), at);
    if (cells.length === 0) throw new Failure('CAB2013', at);
    return cells.slice(1);
  },
  elementAt: (at, index, list) => {
    const cells = listOf(list.force(), at);
    return first(cells, countOf(index.force(), at), at);
  },
  take: part((list, count) => list.slice(0, count)),
  drop: part((list, count) => list.slice(count)),
  reverse: (at, list) => listOf(list.force(), at).toReversed(),
  concatenateLists: (at, lists) =>
    bounded(listOf(lists.force(), at).flatMap((list) => listOf(list.force(), at))),
  concatMap: (at, change, list) => {
    const callee = change.force();
    return bounded(listOf(list.force(), at).flatMap((cell) => listOf(call(callee, at, cell), at)));
  },
  generateList: (at, generate, length) => {
    const callee = functionOf(generate.force(), at);
    const size = countOf(length.force(), at);
    return Array.from({ length: size }, (_, index) => later(callee, at, Cell.given(BigInt(index))));
  },
  range: (at, from, to) => {
    const [start, end] = [integerOf(from.force(), at), integerOf(to.force(), at)];
    if (end - start > 30_000n) throw new OutOfFuel();
    const size = end < start ? 0 : Number(end - start) + 1;
    return Array.from({ length: size }, (_, index) => Cell.given(start + BigInt(index)));
  },
  sort: (at, before, list) => {
    const callee = before.force();
    return sorted(listOf(list.force(), at), (left, right) => booleanOf(call(callee, at, left, right), at));
  },
  any: (at, accept, list) => listOf(list.force(), at).some((cell) => test(at, accept, cell)),
  all: (at, accept, list) => listOf(list.force(), at).every((cell) => test(at, accept, cell)),
  contains: (at, value, list) => listOf(list.force(), at).some((cell) => equal(cell.force(), value.force())),
  unique: (at, list) => {
    const kept: Value[] = [];
    return listOf(list.force(), at).filter((cell) => {
      const value = cell.force();
      return !kept.some((other) => equal(other, value)) && kept.push(value) > 0;
    });
  },
  zip: (at, left, right) => {
    const [a, b] = [listOf(left.force(), at), listOf(right.force(), at)];
    const pairs = a.slice(0, b.length);
    return pairs.map((cell, index) => Cell.given([cell, b[index] as Cell]));
  },
  partition: (at, accept, list) => {
    const groups = Object.groupBy(listOf(list.force(), at), (cell) => String(test(at, accept, cell)));
    return attributes([
      ['right', groups['true'] ?? []],
      ['wrong', groups['false'] ?? []],
    ]);
  },
  groupBy: (at, nameOf, list) => {
    const callee = nameOf.force();
    const groups = Map.groupBy(listOf(list.force(), at), (cell) => stringOf(call(callee, at, cell), at));
    return attributes(groups);
  },
  minimum: extreme((order) => order < 0),
  maximum: extreme((order) => order > 0),
  attributeNames: (at, given) => inOrder(mapOf(given.force(), at)).map(([name]) => Cell.given(name)),
  attributeValues: (at, given) => inOrder(mapOf(given.force(), at)).map(([, cell]) => cell),
  mapAttributes: (at, change, given) => {
    const changed = ([name, cell]: [string, Cell]): [string, Cell] => [
      name,
      new Cell(() => call(change.force(), at, Cell.given(name), cell)),
    ];
    return new Map([...mapOf(given.force(), at)].map(changed));
  },
  filterAttributes: (at, accept, given) => {
    const callee = accept.force();
    const cells = inOrder(mapOf(given.force(), at));
    return new Map(cells.filter(([name, cell]) => booleanOf(call(callee, at, Cell.given(name), cell), at)));
  },
  intersectAttributes: (at, names, given) => {
    const kept = mapOf(names.force(), at);
    return new Map([...mapOf(given.force(), at)].filter(([name]) => kept.has(name)));
  },
  hasAttribute: (at, name, given) => {
    const value = given.force();
    const wanted = stringOf(name.force(), at);
    return value instanceof Map && value.has(wanted);
  },
  getAttribute: (at, name, given) => {
    const value = given.force();
    const wanted = stringOf(name.force(), at);
    if (!(value instanceof Map)) throw new Failure('CAB2004', at);
    const cell: Cell | undefined = value.get(wanted);
    if (cell === undefined) throw new Failure('CAB2005', at);
    return cell.force();
  },
  throw: (at, message) => {
    throw new Failure('CAB2010', at, stringOf(message.force(), at));
  },
  assert: (at, condition, value) => {
    if (booleanOf(condition.force(), at)) return value.force();
    throw new Failure('CAB2011', at);
  },
  force: (_at, before, value) => {
    before.force();
    return value.force();
  },
  forceDeep: (_at, before, value) => {
    forceDeep(before.force());
    return value.force();
  },
  tryEvaluate: (_at, value) => {
    try {
      return attributes(Object.entries({ success: true, value: value.force() }));
    } catch (error) {
      if (!(error instanceof Failure && error.isCatchable)) throw error;
      return attributes(Object.entries({ success: false, value: null }));
    }
  },
  toString: textOf,
  stringLength: (at, text) => BigInt([...stringOf(text.force(), at)].length),
  join: (at, separator, list) => {
    const between = stringOf(separator.force(), at);
    const texts = listOf(list.force(), at).map((cell) => stringOf(cell.force(), at));
    return bounded(texts.join(between));
  },
  typeOf: (_at, value) => typeOf(value.force()),
  isNull: typeTest('null'),
  isInteger: typeTest('integer'),
  isFloat: typeTest('float'),
  isList: typeTest('list'),
  absolute: (at, number) => {
    const value = numberOf(number.force(), at);
    if (value instanceof Double) return new Double(Math.abs(value.value));
    return value < 0n ? -value : value;
  },
  floor: rounded(Math.floor),
  ceiling: rounded(Math.ceil),
  modulo: (at, left, right) => {
    const [a, b] = [integerOf(left.force(), at), integerOf(right.force(), at)];
    if (b === 0n) throw new Failure('CAB2012', at);
    return a % b;
  },
  bitAnd: bitwise((a, b) => a & b),
  bitOr: bitwise((a, b) => a | b),
  bitXor: bitwise((a, b) => a ^ b),
};
