import assert from 'node:assert/strict';
import test from 'node:test';
import { decodeSyntax, encodeSyntax, isSound, parse } from '../../../src/language/syntax/index.ts';
import type { Expression } from '../../../src/language/syntax/index.ts';
import { chooseSeed, randomFrom } from '../../support/random.ts';
import { realisticSource } from '../../support/realistic-source.ts';
import { programs } from './programs.ts';

function expressionOf(text: string): Expression {
  const parsed = parse({ name: 'test', text });
  assert.ok(isSound(parsed), text);
  return parsed.expression;
}

const fields =
  'kind start end name value parts type body subtree path parameter bind fields open fallback bindings condition whenTrue whenFalse function argument operator operatorStart left right operand subject elements'.split(
    ' ',
  );

/** All that an expression holds as plain data, whether it is there already or is made when it is read. */
function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) return value;
  const held: Record<string, unknown> = {};
  for (const field of fields) {
    const inner = (value as Record<string, unknown>)[field];
    if (inner !== undefined) held[field] = plain(inner);
  }
  return held;
}

function assertSame(actual: Expression | undefined, expected: Expression): void {
  assert.ok(actual !== undefined);
  assert.deepEqual(plain(actual), plain(expected));
}

test('an encoded expression is read back with all that it holds', () => {
  for (const text of programs) {
    const expression = expressionOf(text);
    assertSame(decodeSyntax(encodeSyntax(expression, text.length), text.length), expression);
  }
});

test('so is one of a long file', (context) => {
  const seed = chooseSeed();
  context.diagnostic(`seed ${seed} (CAB_TEST_SEED)`);
  const text = realisticSource(100_000, seed);
  const expression = expressionOf(text);
  const bytes = encodeSyntax(expression, text.length);
  assertSame(decodeSyntax(bytes, text.length), expression);
});

test('its bytes may begin anywhere', () => {
  const text = '{ a = "é" + "\u{1f600}", b = 12345678901234567890, }';
  const expression = expressionOf(text);
  const bytes = encodeSyntax(expression, text.length);
  for (let offset = 0; offset < 4; offset++) {
    const moved = new Uint8Array(bytes.length + 4);
    moved.set(bytes, offset);
    assertSame(decodeSyntax(moved.subarray(offset, offset + bytes.length), text.length), expression);
  }
});

test('what was read once stays the same object', () => {
  const text = 'x => { a = [ x, ], }';
  const expression = decodeSyntax(encodeSyntax(expressionOf(text), text.length), text.length);
  assert.ok(expression?.kind === 'lambda' && expression.body.kind === 'attributes');
  assert.equal(expression.body, expression.body);
  assert.equal(expression.body.bindings, expression.body.bindings);
  assert.equal(expression.body.bindings[0]?.value, expression.body.bindings[0]?.value);
});

test('an expression of any depth is encoded', () => {
  const text = `a${' + a'.repeat(900)}`;
  const decoded = decodeSyntax(encodeSyntax(expressionOf(text), text.length), text.length);
  let depth = 0;
  for (let it = decoded; it?.kind === 'binary'; it = it.left) depth++;
  assert.equal(depth, 900);
});

test('damaged bytes are no expression', (context) => {
  const seed = chooseSeed();
  context.diagnostic(`seed ${seed} (CAB_TEST_SEED)`);
  const random = randomFrom(seed);
  const [text] = programs;
  const bytes = encodeSyntax(expressionOf(text), text.length);
  for (let index = 0; index < bytes.length; index++) {
    const damaged = Uint8Array.from(bytes);
    damaged[index] = (damaged[index] as number) ^ (1 + Math.floor(random() * 255));
    assert.equal(decodeSyntax(damaged, text.length), undefined);
    assert.equal(decodeSyntax(bytes.subarray(0, index), text.length), undefined);
  }
  for (let round = 0; round < 1000; round++) {
    const damaged = Uint8Array.from(bytes);
    for (let count = 2 + Math.floor(random() * 20); count > 0; count--)
      damaged[Math.floor(random() * bytes.length)] = Math.floor(random() * 256);
    assert.equal(decodeSyntax(damaged, text.length), undefined);
  }
});

test('the encoding of a text of another length is not taken', () => {
  const text = '[ 1, 2, ]';
  const bytes = encodeSyntax(expressionOf(text), text.length);
  assert.equal(decodeSyntax(bytes, text.length + 1), undefined);
});

test('a text with mistakes is not sound, whether or not it has an expression', () => {
  assert.ok(isSound(parse({ name: 'test', text: 'a + 1' })));
  assert.ok(!isSound(parse({ name: 'test', text: 'a + ' })));
  const parsed = parse({ name: 'test', text: '{ a = 1; }' });
  assert.ok(parsed.expression !== undefined && !isSound(parsed));
});
