import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DiagnosticError } from '../../../src/diagnostics/index.ts';
import { Evaluator } from '../../../src/language/evaluation/index.ts';
import { check, checkError, evaluate } from './check.ts';
import { MemoryWorld } from './memory-world.ts';

test('paths are normalised within the tree of their file', () => {
  check('./a/./b/../c', './a/c');
  check('/a', './a');
  check('./.', '.');
  check('let n = "x", in ./a/\\(n).txt', './a/x.txt');
  check('./a + "/b"', './a/b');
  check('./a + ".txt"', './a.txt');
  check('<github:o/r>/a/b', '<github:o/r>/a/b');
  check('<github:o/r> + "/a"', '<github:o/r>/a');
  check('<github:o/r>', '<github:o/r>');
  check('let owner = "o", in <github:\\(owner)/r>', '<github:o/r>');
});

test('a path cannot climb out of its tree', () => {
  checkError('../a', { code: 'CAB2015', at: '../a' });
  checkError('./a/../../b', { code: 'CAB2015' });
  checkError('./a + "/../../b"', { code: 'CAB2015' });
  checkError('<github:o/r>/../a', { code: 'CAB2015' });
});

test('an island literal asks for nothing but its name', () => {
  const world = new MemoryWorld();
  evaluate(
    '[ <github:o/r>, <github:o/r>/file, <git:{ url = "https://example.org/r", submodules = true, }>, <github:o/r::/docs>, ] |> (x => forceDeep x 1)',
    world,
  );
  assert.deepEqual(world.asked, [
    'island github:o/r',
    'island github:o/r',
    'island git:{"submodules":true,"url":"https://example.org/r"}',
    'island github:o/r::/docs',
  ]);
});

test('a path or an island in a text is put where a build finds it', () => {
  const world = new MemoryWorld({ '/data/file': 'x' });
  check('startsWith "/cab/store/" "\\(./data)"', 'true', world);
  check(
    'map attributeNames (getContext "\\(./data)\\(<github:o/r>)")',
    '[ [ "tree", ], [ "derivation", "output", ], ]',
    world,
  );
  check('getContext (./data + "/file" |> (p => "\\(p)")) |> length', '1', world);
  check('"" + ./data == "\\(./data)"', 'true', world);
});

test('import reads a file, a folder’s default.cab, or an island’s', () => {
  const world = new MemoryWorld({
    '/lib/default.cab': 'import ./value.cab + 1',
    '/lib/value.cab': '41',
    'island:github:o/r:/default.cab': '{ greet = name => "hello \\(name)", here = ./., }',
  });
  check('import ./lib', '42', world);
  check('import ./lib/value.cab', '41', world);
  check('(import <github:o/r>).greet "you"', '"hello you"', world);
  check('(import <github:o/r>).here', '<github:o/r>', world);
});

test('a file is read once, whoever imports it', () => {
  const world = new MemoryWorld({ '/a.cab': 'trace "evaluated" 1' });
  check('import ./a.cab + import ./a.cab + import /a.cab', '3', world);
  assert.deepEqual(world.traced, ['evaluated']);
});

test('a file sees nothing of the one that imports it, and stays in its tree', () => {
  const world = new MemoryWorld({ '/a.cab': 'x', '/b/c.cab': '../../d' });
  checkError('let x = 1, in import ./a.cab', { code: 'CAB2001', at: 'x' }, world);
  checkError('import ./b/c.cab', { code: 'CAB2015', at: '../../d' }, world);
});

test('strings are no paths', () => {
  checkError('import "./a.cab"', { code: 'CAB2016', hint: /without quotes/ });
  checkError('readFile "/etc/passwd"', { code: 'CAB2016' });
});

test('files and folders are read', () => {
  const world = new MemoryWorld({
    '/a/text': 'h\u00e9llo\n',
    '/a/b/c': '',
    '/bytes': new Uint8Array([0xff, 0xfe]),
    'output:made:out:/version': '1.0',
  });
  check('readFile ./a/text', '"h\u00e9llo\\n"', world);
  check('readDirectory ./a', '{ b = "directory", text = "file", }', world);
  check('[ (pathExists ./a), (pathExists ./a/text), (pathExists ./z), ]', '[ true, true, false, ]', world);
  check('hashFile "sha1" ./a/b/c', '"da39a3ee5e6b4b0d3255bfef95601890afd80709"', world);
  check('hashFile "blake3" ./a/b/c == hashString "blake3" ""', 'true', world);
  checkError('readFile ./bytes', { code: 'CAB2017', at: 'readFile ./bytes' }, world);
  const made = 'derivation { name = "made", builder = "b", }';
  check(`readFile (toPath (${made}) + "/version")`, '"1.0"', world);
  check(`readFile (toPath "\\(${made})/version")`, '"1.0"', world);
});

test('an entry gets the arguments that it names', () => {
  const { evaluator, value } = evaluate('{ system, debug = "no", } => "\\(system) \\(debug)"');
  assert.equal(evaluator.callEntry(value, { system: 'x' }), 'x no');
  assert.deepEqual(
    [...(evaluator.parametersOf(value) ?? [])],
    [
      ['system', false],
      ['debug', true],
    ],
  );
  const messageOf = (named: Record<string, string>) => {
    try {
      evaluator.callEntry(value, named);
    } catch (error) {
      if (error instanceof DiagnosticError) return error.diagnostics[0];
    }
    return undefined;
  };
  assert.equal(messageOf({})?.message, "the entry needs the argument 'system'");
  assert.equal(messageOf({ system: 'x', debgu: 'yes' })?.hint, "did you mean 'debug'?");
});

test('an entry that is no function takes no arguments', () => {
  const { evaluator, value } = evaluate('1');
  assert.equal(evaluator.callEntry(value, {}), 1);
  assert.throws(() => evaluator.callEntry(value, { a: 1 }), DiagnosticError);
  const plain = evaluate('given => given.a');
  assert.equal(plain.evaluator.callEntry(plain.value, { a: 1 }), 1);
});

test('a text can see names of its caller', () => {
  const world = new MemoryWorld();
  const evaluator = new Evaluator(world);
  const folder = { root: world.root, path: '/' };
  const value = evaluator.evaluateText({ name: '<repl>', text: 'x + 1' }, folder, new Map([['x', 41]]));
  assert.equal(value, 42);
});

test('a name of the caller for a builtin that has some arguments gets the others only, after many calls too', () => {
  const world = new MemoryWorld();
  const evaluator = new Evaluator(world);
  const folder = { root: world.root, path: '/' };
  const given = evaluator.evaluateText({ name: '<repl>', text: 'constant (x => x + 1)' }, folder);
  const text = 'all (x => given 0 x == x + 1) (range 1 400)';
  assert.equal(evaluator.evaluateText({ name: '<repl>', text }, folder, new Map([['given', given]])), true);
});
