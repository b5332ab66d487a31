import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import type * as Oniguruma from 'vscode-oniguruma';
import type * as Textmate from 'vscode-textmate';
import { isNode, parse, type SyntaxNode, type Token } from '../../src/language/syntax/index.ts';
import { randomProgram } from '../language/formatter/programs.ts';
import { assertGolden } from '../support/golden.ts';
import { chooseSeed, fuzzFactor, randomFrom } from '../support/random.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const require = createRequire(import.meta.url);
const oniguruma = require('vscode-oniguruma') as typeof Oniguruma;
const { INITIAL, Registry, parseRawGrammar } = require('vscode-textmate') as typeof Textmate;

async function loadGrammar(): Promise<Textmate.IGrammar> {
  const wasm = readFileSync(require.resolve('vscode-oniguruma/release/onig.wasm'));
  await oniguruma.loadWASM(wasm);
  const file = path.join(root, 'editors/textmate/cab.tmLanguage.json');
  const registry = new Registry({
    onigLib: Promise.resolve<Textmate.IOnigLib>({
      createOnigScanner: (sources) => new oniguruma.OnigScanner(sources),
      createOnigString: (text) => new oniguruma.OnigString(text),
    }),
    loadGrammar: () => Promise.resolve(parseRawGrammar(readFileSync(file, 'utf8'), file)),
  });
  const grammar = await registry.loadGrammar('source.cab');
  assert.ok(grammar !== null);
  return grammar;
}

const grammar = await loadGrammar();

interface Scoped {
  readonly start: number;
  readonly end: number;
  readonly scopes: readonly string[];
}

/** The pieces that an editor would colour, line by line as it goes through them. */
function scopesOf(text: string): readonly Scoped[] {
  const pieces: Scoped[] = [];
  let state = INITIAL;
  let offset = 0;
  for (const line of text.split('\n')) {
    const { tokens, ruleStack } = grammar.tokenizeLine(line, state);
    for (const { startIndex, endIndex, scopes } of tokens)
      pieces.push({ start: offset + startIndex, end: offset + Math.min(endIndex, line.length), scopes });
    state = ruleStack;
    offset += line.length + 1;
  }
  return pieces;
}

/** The scopes without those around the innermost interpolation. */
function ownScopes(scopes: readonly string[]): readonly string[] {
  return scopes.slice(scopes.lastIndexOf('source.cab') + 1);
}

test('every construct has its scopes', async () => {
  const text = readFileSync(new URL('samples/everything.cab', import.meta.url), 'utf8');
  const lines = scopesOf(text)
    .filter(({ start, end }) => text.slice(start, end).trim() !== '')
    .map(
      ({ start, end, scopes }) => `${JSON.stringify(text.slice(start, end))}  ${ownScopes(scopes).join(' ')}`,
    );
  await assertGolden(
    path.join(import.meta.dirname, 'goldens/everything.scopes.txt'),
    `${lines.join('\n')}\n`,
  );
});

interface Placed extends Token {
  readonly parent: SyntaxNode;
}

function* placedTokens(node: SyntaxNode): Generator<Placed> {
  for (const child of node.children) {
    if (isNode(child)) yield* placedTokens(child);
    else yield { kind: child.kind, start: child.start, text: child.text, parent: node };
  }
}

/** What the innermost scope of a token begins with, by what the language's own lexer takes it for. */
const scopeOfKind: ReadonlyMap<Token['kind'], string> = new Map([
  ['comment', 'comment.'],
  ['string-start', 'punctuation.definition.string.'],
  ['string-end', 'punctuation.definition.string.'],
  ['quote-start', 'punctuation.definition.identifier.'],
  ['quote-end', 'punctuation.definition.identifier.'],
  ['text', 'string.'],
  ['escape', 'constant.character.escape.'],
  ['interpolation-start', 'punctuation.section.interpolation.'],
  ['interpolation-end', 'punctuation.section.interpolation.'],
  ['integer', 'constant.numeric.'],
  ['float', 'constant.numeric.'],
  ['path', 'string.unquoted.path.'],
  ['island-subtree', 'punctuation.separator.subtree.'],
  ['island-end', 'punctuation.definition.island.'],
  ['if', 'keyword.'],
  ['then', 'keyword.'],
  ['else', 'keyword.'],
  ['let', 'keyword.'],
  ['in', 'keyword.'],
  ['or', 'keyword.'],
]);

function expectedScope({ kind, parent }: Placed): string | undefined {
  if (kind === 'text' && parent.kind === 'quoted-identifier') return 'variable.other.quoted.';
  return scopeOfKind.get(kind);
}

/** Code whose scope is not looked at more closely, but that must not be taken for one of these. */
const neverInCode = /^(?:comment|string|invalid)\./;

function checkTokens(file: string, text: string): void {
  const pieces = scopesOf(text);
  let next = 0;
  for (const token of placedTokens(parse({ name: file, text }).tree)) {
    const end = token.start + token.text.length;
    const expected = expectedScope(token);
    while ((pieces[next]?.end ?? end) <= token.start) next++;
    for (let index = next; index < pieces.length && (pieces[index] as Scoped).start < end; index++) {
      const { start, end: pieceEnd, scopes } = pieces[index] as Scoped;
      const part = text.slice(Math.max(start, token.start), Math.min(pieceEnd, end));
      if (part.trim() === '' || token.kind === 'whitespace' || token.kind === 'island-start') continue;
      const own = ownScopes(scopes).filter((scope) => !scope.startsWith('punctuation.definition.comment.'));
      const innermost = own.at(-1) ?? '';
      const where = `${file}: ${JSON.stringify(part)} at ${token.start} is ${token.kind}, and has ${scopes.join(' ')}`;
      if (expected !== undefined) assert.ok(innermost.startsWith(expected), where);
      else assert.doesNotMatch(innermost, neverInCode, where);
    }
  }
}

test('the grammar takes all files of the repository for what the lexer takes them', () => {
  const files = globSync('{examples,library,tests}/**/*.cab', { cwd: root });
  let checked = 0;
  for (const file of files) {
    // Editors end a line at each of these.
    const text = readFileSync(path.join(root, file), 'utf8').replaceAll(/\r\n?/g, '\n');
    if (parse({ name: file, text }).diagnostics.length > 0) continue;
    checkTokens(file, text);
    checked++;
  }
  assert.ok(checked >= 4, `only ${checked} of ${files.length} files are valid`);
});

test('and so it does any program', (context) => {
  const seed = chooseSeed();
  context.diagnostic(`seed ${seed} (CAB_TEST_SEED)`);
  const random = randomFrom(seed);
  for (let count = 0; count < 100 * fuzzFactor(); count++)
    checkTokens('random', randomProgram(random).replaceAll('\r\n', '\n'));
});
