import assert from 'node:assert/strict';
import test from 'node:test';
import { type Parsed, parse, printTree } from '../../../src/language/syntax/index.ts';
import { realisticSource } from '../../support/realistic-source.ts';

/** What is repeated: pieces at which a rule looks ahead or back, and ones that leave something open. */
const pieces = [
  '(',
  '[',
  '{',
  ')',
  ']',
  '}',
  '"',
  '`',
  '<',
  '<a',
  '<a:',
  '<a:{',
  '::/',
  '\\',
  '\\(',
  '"\\(',
  '"\\u{',
  "'",
  '#',
  '#=',
  '=#',
  '#= =',
  '"=',
  '="',
  '="="',
  '"\n',
  ' "',
  '"\n"',
  '"\n ")',
  "''$\n",
  '/* ',
  '/',
  './',
  '//',
  'a.',
  'a=',
  'a ',
  'a-',
  'a:',
  'a@',
  'a;',
  'a,',
  'a.b #\n',
  'a={',
  'a.b={',
  '{a,',
  '{a=1,',
  '{a=1}',
  '[1 ',
  '1',
  '1_',
  '0x',
  '-',
  '!',
  '?',
  '.',
  '...',
  ',',
  ';',
  '@',
  '=',
  '=>',
  '$',
  '\n',
  '#\n',
  'é',
  '😀',
  '\ud800',
  'if ',
  'let ',
  'in ',
  'else ',
  'or ',
  'a or ',
  'inherit ',
  'rec {',
  'x=>',
  '"a" ',
  '"a"="',
];

const short = 12_500;
const times = 8;
/** Eight times the text takes some eight times the time; with the square of it, it would be 64 times. */
const most = 24;
/** Below this a measurement says nothing. */
const fewestMs = 20;

for (const piece of pieces) {
  test(`the time for ${JSON.stringify(piece)} over and over grows with the text`, () => {
    const shortText = piece.repeat(Math.ceil(short / piece.length));
    const longText = piece.repeat(Math.ceil((short * times) / piece.length));
    assert.ok(
      // A pause of the machine may fall into one attempt; the square of the time is in all of them.
      [1, 2, 3].some(() => processorMs(longText) < Math.max(fewestMs, most * processorMs(shortText))),
    );
    assert.ok(printTree(parsed(longText).tree) === longText);
  });
}

function parsed(text: string): Parsed {
  return parse({ name: 'test', text });
}

function processorMs(text: string): number {
  const { user, system } = process.threadCpuUsage();
  parsed(text);
  const used = process.threadCpuUsage();
  return (used.user - user + used.system - system) / 1000;
}

test('ten megabytes are parsed', () => {
  const text = realisticSource(10_000_000, 1);
  const { diagnostics, expression } = parsed(text);
  assert.deepEqual(diagnostics, []);
  assert.ok(expression !== undefined);
});

test('of a text with more mistakes than anybody reads the first thousand are told, and how many more there are', () => {
  const { diagnostics } = parsed('$'.repeat(5000));
  assert.equal(diagnostics.length, 1000);
  assert.deepEqual(diagnostics.at(-1)?.notes, ['4000 more mistakes of this text are not told']);
});

test('places of one mistake are shown by the hundred', () => {
  const [diagnostic] = parsed(`[${'1 '.repeat(500)}]`).diagnostics;
  assert.equal(diagnostic?.labels?.length, 99);
  assert.deepEqual(diagnostic?.notes, ['and at 399 more places']);
});
