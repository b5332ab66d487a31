import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import test from 'node:test';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../..', import.meta.url));

/** The productions of a text without what layout does to them, in the order of their names. */
function normalised(productions: readonly string[]): readonly string[] {
  return productions.map((production) => production.replaceAll(/\s+/g, ' ').trim()).toSorted();
}

/** Those in the docstrings of the functions of lexer and parser: each stands in quotes as code. */
function productionsOfFunctions(): readonly string[] {
  const files = globSync('src/language/syntax/{lexer,parser}/*.ts', { cwd: root });
  const docstrings = files.flatMap(
    (file) => readFileSync(`${root}/${file}`, 'utf8').match(/\/\*\*[^]*?\*\//g) ?? [],
  );
  return docstrings.flatMap((docstring) => {
    const text = docstring.replaceAll(/^ *\* ?/gm, '').replace(/^\/\*\*/, '');
    return [...text.matchAll(/(`+)( ?\w+ := [^]*?)\1(?!`)/g)].map((match) => match[2] as string);
  });
}

/** Those in the blocks of code of the page: each begins at the start of a line and goes on in indented ones. */
function productionsOfPage(): readonly string[] {
  const page = readFileSync(`${root}/docs/reference/grammar.md`, 'utf8');
  const blocks = [...page.matchAll(/^```\n([^]*?)^```$/gm)].map((match) => match[1] as string);
  return blocks.flatMap((block) => block.split(/\n(?=\w)/));
}

test('the page of the grammar has the productions of the functions that lex and parse, and no others', () => {
  const ofFunctions = normalised(productionsOfFunctions());
  assert.ok(ofFunctions.length > 40, `only ${ofFunctions.length} productions were found`);
  assert.deepEqual(normalised(productionsOfPage()), ofFunctions);
});

/** Words of productions that are told in words and not by a production. */
const told =
  'letter mark digit asciiLetter asciiDigit hexadecimalDigit hexadecimalDigits octalDigits binaryDigits lineText blockText text rawText'.split(
    ' ',
  );

test('every word in a production has one, or is told in words', () => {
  const productions = normalised(productionsOfPage());
  const defined = new Set(productions.map((production) => production.split(' ')[0]));
  for (const production of productions) {
    const body = production.slice(production.indexOf(':=') + 2).replaceAll(/'[^']+'|"'"/g, '');
    for (const [word] of body.matchAll(/[A-Za-z]+/g))
      assert.ok(defined.has(word) || told.includes(word), `${word} in ${production}`);
  }
});
