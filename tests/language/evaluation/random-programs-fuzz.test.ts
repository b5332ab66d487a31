import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { DiagnosticError } from '../../../src/diagnostics/index.ts';
import {
  Attributes,
  EffectNeeded,
  Evaluator,
  Float,
  type Slot,
  type Value as CabValue,
  isList as isCabList,
  typeNameOf,
} from '../../../src/language/evaluation/index.ts';
import { parse } from '../../../src/language/syntax/index.ts';
import { chooseSeed, fuzzFactor } from '../../support/index.ts';
import { MemoryWorld } from './memory-world.ts';
import { ReferenceInterpreter } from './independent/interpreter.ts';
import { ProgramMaker } from './independent/program.ts';
import {
  Callable,
  Cell,
  Double,
  Failure,
  OutOfFuel,
  type Place,
  Run,
  type Value,
  inOrder,
  isList,
} from './independent/value.ts';

/** Everything that can be seen of a value: errors stand where they come up, so that one hides no other. */
type Seen = string | readonly Seen[] | { readonly [name: string]: Seen };

interface Outcome {
  readonly seen: Seen;
  readonly traced: readonly string[];
}

const depthLimit = 12;
const stepLimit = 300_000;
const files = { './slow': 'slow text' };

function seenByReference(text: string): Outcome {
  const { expression } = parse({ name: '<program>', text });
  assert.ok(expression !== undefined);
  const interpreter = new ReferenceInterpreter(files);
  const seen = seeCell(new Cell(() => interpreter.evaluate(expression)), 0);
  return { seen, traced: interpreter.traced };
}

function seeCell(cell: Cell, depth: number): Seen {
  try {
    return see(cell.force(), depth);
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return error.isWithin
      ? failure(error.code, error.place?.chain, error.message, 'within')
      : failure(error.code, error.place, error.message);
  }
}

function see(value: Value, depth: number): Seen {
  if (depth > depthLimit) return '…';
  if (isList(value)) return value.map((cell) => seeCell(cell, depth + 1));
  if (value instanceof Map) {
    return Object.fromEntries(inOrder(value).map(([name, cell]) => [`.${name}`, seeCell(cell, depth + 1)]));
  }
  if (value instanceof Callable) return 'function';
  if (value instanceof Double) return float(value.value);
  return typeof value === 'bigint' ? String(value) : JSON.stringify(value);
}

/** The same with the evaluator. Where it `waits`, what it reads from the world is not there at once. */
function seenByCab(text: string, waits: boolean): Outcome {
  const world = new MemoryWorld({ '/slow': files['./slow'] });
  if (waits) world.postpone('/slow');
  const evaluator = new Evaluator(world);
  const folder = { root: world.root, path: '/' };
  const observe = (compute: () => CabValue, depth: number): Seen => {
    let value: CabValue;
    try {
      value = settled(compute, world);
    } catch (error) {
      return failureOf(error);
    }
    if (depth > depthLimit) return '…';
    const inside = (slot: Slot) => observe(() => evaluator.force(slot), depth + 1);
    if (isCabList(value)) return value.map(inside);
    if (!(value instanceof Attributes)) return seeScalar(value);
    return Object.fromEntries([...value.entries()].map(([name, slot]) => [`.${name}`, inside(slot)]));
  };
  const seen = observe(() => evaluator.evaluateText({ name: '<program>', text }, folder), 0);
  return { seen, traced: world.traced };
}

/** Computes again and again until the world has given all that is needed. */
function settled(compute: () => CabValue, world: MemoryWorld): CabValue {
  for (;;) {
    try {
      return compute();
    } catch (error) {
      if (!(error instanceof EffectNeeded)) throw error;
      world.settle(error.effect);
    }
  }
}

function seeScalar(value: CabValue): Seen {
  if (value instanceof Float) return float(value.value);
  if (typeNameOf(value) === 'lambda') return 'function';
  if (typeof value === 'number' || typeof value === 'bigint') return String(value);
  return JSON.stringify(value);
}

function failureOf(error: unknown): string {
  const [first] = error instanceof DiagnosticError ? error.diagnostics : [];
  if (first === undefined) throw error;
  // How deep an evaluation can go is the machine's matter.
  if (first.code === 'CAB2003') throw new OutOfFuel();
  return failure(first.code, first.primary?.span, first.message);
}

/** A circle has no beginning, and what is wrong with attributes for a pattern may be told where they are written. */
const codesWithoutPlace = new Set(['CAB2002', 'CAB2007', 'CAB2008']);

function failure(code: string, place: Place | undefined, message: string, form = 'at'): string {
  if (codesWithoutPlace.has(code)) return `error ${code}`;
  const said = code === 'CAB2010' ? ` ${message}` : '';
  return `error ${code} ${form} ${place?.start}-${place?.end}${said}`;
}

/** What was expected, with the places that were told where any part of a place may be. */
function withPlacesOf(actual: Seen | undefined, expected: Seen): Seen {
  if (typeof expected === 'string') return isWithin(actual, expected) ? (actual as string) : expected;
  if (Array.isArray(expected)) {
    return expected.map((item: Seen, index) =>
      withPlacesOf((actual as readonly Seen[] | undefined)?.[index], item),
    );
  }
  const members = actual as Record<string, Seen> | undefined;
  return Object.fromEntries(
    Object.entries(expected).map(([name, item]) => [name, withPlacesOf(members?.[name], item)]),
  );
}

const failureForm = /^error (CAB[0-9]+) (at|within) ([0-9]+)-([0-9]+)$/;

function isWithin(actual: Seen | undefined, expected: string): boolean {
  const [, code, form, start, end] = failureForm.exec(expected) ?? [];
  if (form !== 'within' || typeof actual !== 'string') return false;
  const [, actualCode, , actualStart, actualEnd] = failureForm.exec(actual) ?? [];
  return actualCode === code && Number(actualStart) >= Number(start) && Number(actualEnd) <= Number(end);
}

function float(value: number): string {
  return `float ${Object.is(value, -0) ? '-0' : value}`;
}

/** Undefined for a program that goes too far for one of the two. */
function tryOutcome(observe: () => Outcome): Outcome | undefined {
  try {
    return observe();
  } catch (error) {
    if (error instanceof OutOfFuel || error instanceof RangeError) return undefined;
    throw error;
  }
}

test('random programs come to the values, errors and traces that the rules of the language say', (context) => {
  const seed = chooseSeed();
  context.diagnostic(`CAB_TEST_SEED=${seed}`);
  const counts = { compared: 0, tooFar: 0 };
  const choices = fc.array(fc.nat(5039), { minLength: 20, maxLength: 400, size: 'max' });
  const property = fc.property(choices, (numbers) => {
    const text = new ProgramMaker(numbers).make();
    const run = (Run.current = new Run(stepLimit));
    const expected = tryOutcome(() => seenByReference(text));
    const actual = expected && tryOutcome(() => seenByCab(text, false));
    const later = actual && tryOutcome(() => seenByCab(text, true));
    if (expected === undefined || actual === undefined || later === undefined) {
      counts.tooFar++;
      return;
    }
    counts.compared++;
    assert.deepEqual(actual.seen, withPlacesOf(actual.seen, expected.seen), text);
    assert.deepEqual(later.seen, actual.seen, `with effects that take their time: ${text}`);
    // What is computed again after an error may trace again.
    if (!run.hasRetried) assert.deepEqual(actual.traced, expected.traced, text);
  });
  // What fails is made simpler for as long as this, and no longer.
  const interruptAfterTimeLimit = 60_000 * fuzzFactor();
  fc.assert(property, { numRuns: Math.round(100 * fuzzFactor()), seed, interruptAfterTimeLimit });
  context.diagnostic(`${counts.compared} programs compared, ${counts.tooFar} went too far`);
  assert.ok(counts.compared > counts.tooFar);
});
