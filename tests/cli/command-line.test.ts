import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseCommandLine } from '../../src/cli/command-line.ts';
import { commands } from '../../src/cli/commands/index.ts';
import { UsageError } from '../../src/cli/options.ts';

function valuesOf(...words: string[]): object {
  return { ...parseCommandLine(commands, words).values };
}

function refused(words: readonly string[], message: string, hint: string): void {
  assert.throws(
    () => parseCommandLine(commands, words),
    (error) => {
      assert.ok(error instanceof UsageError);
      assert.deepEqual([error.message, error.hint], [message, hint]);
      return true;
    },
  );
}

test('the value of an option may begin with a hyphen', () => {
  assert.deepEqual(valuesOf('eval', '--expression', '-1'), { expression: '-1' });
  assert.deepEqual(valuesOf('eval', '--expression=--1', '--json'), { expression: '--1', json: true });
  assert.deepEqual(valuesOf('eval', '--argument', 'a=-b', '--argument', '-a=b'), {
    argument: ['a=-b', '-a=b'],
  });
});

test('an option without its value is told with what it takes', () => {
  const message = '--expression lacks its value: --expression TEXT';
  refused(['eval', '--expression'], message, 'see cab eval --help');
  refused(['eval', '--expression', '--json'], message, 'see cab eval --help');
});

test('what stands behind -- is a word', () => {
  const { values, words } = parseCommandLine(commands, ['fmt', '--check', '--', '--diff', '--stdin-name']);
  assert.deepEqual([{ ...values }, words], [{ check: true }, ['--diff', '--stdin-name']]);
});

test('what a command does not take is told with the help of that command', () => {
  refused(['eval', 'a', 'b'], "cab eval takes no 'b'", 'see cab eval --help');
  refused(['eval', '--jsn'], "cab eval has no option '--jsn'", "did you mean '--json'?");
  refused(
    ['store', 'gc', '--nothing-like-it'],
    "cab store gc has no option '--nothing-like-it'",
    'see cab store gc --help',
  );
});
