import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { parse, type Token, tokensOf } from '../../../src/language/syntax/index.ts';
import { chooseSeed, fuzzFactor, randomFrom } from '../../support/random.ts';
import { formatted } from './check.ts';
import { randomGap, randomProgram } from './programs.ts';

/** What must not change: what the text means, and its comments. */
function essenceOf(text: string): { readonly meaning: string; readonly comments: readonly string[] } {
  const { tree, expression, diagnostics } = parse({ name: 'test', text });
  const messages = diagnostics.map(({ message }) => message);
  assert.deepEqual(messages, [], text);
  const comments = Array.from(tokensOf(tree)).filter(({ kind }) => kind === 'comment');
  return { meaning: meaningOf(expression), comments: comments.map(contentOf) };
}

/** The expression without the places that its parts stand at. */
function meaningOf(expression: unknown): string {
  return JSON.stringify(expression, (key, value: unknown) => {
    if (key === 'start' || key === 'end' || key === 'operatorStart') return undefined;
    return typeof value === 'bigint' ? `${value}n` : value;
  });
}

/** The lines of a comment move with it, and have no blanks at their ends. */
function contentOf({ text }: Token): string {
  return text
    .split(/\r?\n/)
    .map((line) => line.trim())
    .join('\n');
}

function holds(text: string): void {
  const result = formatted(text);
  assert.deepEqual(essenceOf(result), essenceOf(text), `${text}\n──\n${result}`);
  assert.equal(formatted(result), result, text);
  assert.match(result, /[^\n]\n$/);
}

test('any program keeps its meaning and its comments, and a second time changes nothing', (context) => {
  const seed = chooseSeed();
  context.diagnostic(`seed ${seed} (CAB_TEST_SEED)`);
  const random = randomFrom(seed);
  for (let count = 0; count < 1000 * fuzzFactor(); count++) holds(randomProgram(random));
});

const root = fileURLToPath(new URL('../../..', import.meta.url));
const files = globSync('{examples,library,tests}/**/*.cab', { cwd: root });

test('so do the files of the repository, however white space and comments are strewn into them', (context) => {
  const seed = chooseSeed();
  context.diagnostic(`seed ${seed} (CAB_TEST_SEED)`);
  const random = randomFrom(seed);
  const texts = files.map((file) => readFileSync(new URL(file, `file://${root}`), 'utf8'));
  const valid = texts.filter((text) => parse({ name: 'test', text }).diagnostics.length === 0);
  assert.ok(valid.length >= 3, `only ${valid.length} valid files in ${files.length}`);
  for (const text of valid) {
    holds(text);
    for (let count = 0; count < fuzzFactor(); count++) holdsIfValid(strewn(text, random));
  }
});

/** The text with other white space: some of it turns the end of a string of several lines into text, and is left out. */
function strewn(text: string, random: () => number): string {
  const { tree } = parse({ name: 'test', text });
  const tokens = Array.from(tokensOf(tree));
  return tokens
    .map((token) => (token.kind === 'whitespace' ? randomGap(random, 0.2) : lineOf(token)))
    .join('');
}

function lineOf({ kind, text }: Token): string {
  return kind === 'comment' && !text.startsWith('#=') ? `${text}\n` : text;
}

function holdsIfValid(text: string): void {
  if (parse({ name: 'test', text }).diagnostics.length === 0) holds(text);
}
