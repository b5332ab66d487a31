import assert from 'node:assert/strict';
import { format } from '../../../src/language/formatter/index.ts';

/** Checks that the text is laid out as expected, and that what is expected stays as it is. */
export function check(text: string, expected: string): void {
  assert.equal(formatted(text), expected);
  assert.equal(formatted(expected), expected);
}

/** Checks that the text, which begins and ends with a line end for the eye, is laid out as it should be. */
export function checkKept(text: string): void {
  check(text.slice(1), text.slice(1));
}

export function formatted(text: string): string {
  const result = format({ name: 'test', text });
  assert.ok(result.kind === 'formatted', `${JSON.stringify(result)}\n${text}`);
  return result.text;
}
