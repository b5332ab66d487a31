import test from 'node:test';
import { check } from './check.ts';

test('numbers', () => {
  check('1_000', '1000');
  check('0xFF', '255');
  check('0o17', '15');
  check('0b1010', '10');
  check('3.14', '3.14');
  check('1.5e-3', '0.0015');
  check('123456789012345678901234567890', '123456789012345678901234567890');
});

test('lambdas take a name or a pattern', () => {
  check('x => y => x', '(x => (y => x))');
  check('{ } => 1', '({} => 1)');
  check('{ a, b = a + 1, ... } => b', '({a, b = (a + 1), ...} => b)');
  check('args @ { a, ... } => args', '(args @ {a, ...} => args)');
});

test('attributes', () => {
  check('{}', '{}');
  check('{ a = 1, b.c = 2, d, }', '{a = 1, b.c = 2, d = d}');
  check('{ "x y".z = 1, `p-\\(v)` = 2 }', '{x y.z = 1, "p-\\(v)" = 2}');
  check('self @ { a = 1, b = self.a }', 'self @ {a = 1, b = (self.a)}');
  check('{ `a b`, }', '{a b = a b}');
});

test('let, with or without a comma before in', () => {
  check('let a = 1, b.c = 2, in a', '(let a = 1, b.c = 2 in a)');
  check('let a = 1 in a', '(let a = 1 in a)');
});

test('lists and calls', () => {
  check('[]', '[]');
  check('[ 1, f x, [ 2 ], ]', '[1, (f x), [2]]');
  check('f { a = 1 } [ b ]', '((f {a = 1}) [b])');
});

test('comments end with their line, or nest', () => {
  check('a # b\n+ c', '(a + c)');
  check('#= a #= b =# c =# d', 'd');
  check('#== a =# b ==# c', 'c');
});

test('a byte order mark and the line ends of Windows are passed over', () => {
  check('\ufefff\r\n  x\r\n', '(f x)');
});

test('the taste of the language', () => {
  check(
    `{ system = "x86_64-linux", } => let
  packages = import <cab:packages> { system, },
in {
  default = packages.cargoBuild {
    name   = "cab",
    source = <github:cull-os/cab>,
  },
  greeting = packages.writeText "greeting" "hello from \\(system)",
}
`,
    '({system = "x86_64-linux"} => (let packages = ((import <cab:"packages">) {system = system}) in {' +
      'default = ((packages.cargoBuild) {name = "cab", source = <github:"cull-os/cab">}), ' +
      'greeting = (((packages.writeText) "greeting") "hello from \\(system)")}))',
  );
});
