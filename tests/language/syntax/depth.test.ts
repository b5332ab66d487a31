import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import test from 'node:test';
import { fileURLToPath } from 'node:url';
import { parse, printTree } from '../../../src/language/syntax/index.ts';
import { fuzzFactor } from '../../support/random.ts';
import { check, checkErrors } from './check.ts';
import { chainShapes, nestedShapes } from './deep-shapes.ts';

const many = 100_000;
/** More levels than fit on Node's own stack, whatever it is that nests. */
const tooMany = 12_000;

for (const [name, [before, after]] of Object.entries(nestedShapes)) {
  test(`${name} that nest more deeply than there is stack for are one diagnostic`, () => {
    const text = before.repeat(tooMany) + 'a' + after.repeat(tooMany);
    const { tree, diagnostics } = parse({ name: 'test', text });
    assert.deepEqual(
      diagnostics.map(({ code }) => code),
      ['CAB1008'],
    );
    assert.ok(printTree(tree) === text);
  });
}

for (const [name, [first, next]] of Object.entries(chainShapes)) {
  test(`a chain of a hundred thousand ${name} takes no stack`, () => {
    const text = first + next.repeat(many);
    const { tree, expression, diagnostics } = parse({ name: 'test', text });
    assert.deepEqual(diagnostics, []);
    assert.ok(expression !== undefined && printTree(tree) === text);
  });
}

test('with the stack that the command gets, all that nests a hundred thousand levels is whole', (context) => {
  const script = fileURLToPath(new URL('parse-deeply.ts', import.meta.url));
  const start =
    'ulimit -Ss 262144 || exit 9; exec "$0" --stack-size=258000 --min-semi-space-size=16 --max-semi-space-size=64 "$@"';
  const shapes = fuzzFactor() > 1 ? Object.keys(nestedShapes) : usualShapes;
  const args = ['-c', start, process.execPath, script, String(many), ...shapes];
  const { status, stdout, stderr } = spawnSync('sh', args, { encoding: 'utf8' });
  if (status === 9) return context.skip('this machine does not let a process have so large a stack');
  assert.equal(status, 0, stderr);
  assert.deepEqual(JSON.parse(stdout), Object.fromEntries(shapes.map((shape) => [shape, 'whole'])));
});

/** Those that take different ways through the parser; the others are tried by `npm run fuzz`. */
const usualShapes = [
  'parentheses',
  'lists',
  'attributes',
  'lambdas',
  'interpolations',
  'else if',
  'not',
  'arguments in parentheses',
  'fallbacks',
];

test('what is written by hand nests as deeply as it needs', () => {
  check('('.repeat(200) + 'a' + ')'.repeat(200), 'a');
  check('a' + ' + a'.repeat(3), '(((a + a) + a) + a)');
});

test('brackets by the thousand that do not match are no matter', () => {
  const text = '('.repeat(tooMany) + '1' + ']'.repeat(tooMany);
  const { tree, diagnostics } = parse({ name: 'test', text });
  assert.ok(diagnostics.length > 0 && printTree(tree) === text);
});

test('long texts without nesting are no matter', () => {
  for (const text of [
    `[${'a,'.repeat(many)}]`,
    `"${'\\n'.repeat(many)}"`,
    `{ a${'.b'.repeat(many)} = 1, }`,
  ]) {
    const { diagnostics, expression } = parse({ name: 'test', text });
    assert.deepEqual(diagnostics, []);
    assert.ok(expression !== undefined);
  }
});

test('semicolons by the thousand are one diagnostic', () => {
  checkErrors(`[${';'.repeat(many)}]`, 'CAB1107 ;');
});
