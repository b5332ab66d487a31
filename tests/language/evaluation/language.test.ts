import { test } from 'node:test';
import { check } from './check.ts';

test('integers are exact at any size', () => {
  check('1 + 2 * 3 - 4', '3');
  check('9007199254740991 + 1', '9007199254740992');
  check('9007199254740993 - 9007199254740992', '1');
  check('99999999999 * 99999999999', '9999999999800000000001');
  check('99999999999 * 99999999999 / 99999999999', '99999999999');
  check('0 - 9007199254740992 - 1', '-9007199254740993');
  check('typeOf (9007199254740993 - 9007199254740992)', '"integer"');
  check('-7 / 2', '-3');
  check('modulo (-7) 2', '-1');
  check('0 * -1', '0');
  check('- (1 - 1)', '0');
});

test('floats are doubles and mix with integers', () => {
  check('1 + 0.5', '1.5');
  check('1.0 + 1', '2.0');
  check('3 / 2.0', '1.5');
  check('1.5e300 * 10', '1.5e301');
  check('-0.0', '-0.0');
  check('1 == 1.0', 'true');
  check('9007199254740993 == 9007199254740992.0', 'false');
  check('1 < 1.5', 'true');
});

test('strings join, compare by code point and interpolate what has a text', () => {
  check('"a" + "b"', '"ab"');
  check('"\\(1)-\\("x")"', '"1-x"');
  check('"a" < "b"', 'true');
  check('"\\u{FFFF}" < "\\u{10000}"', 'true');
  check('"tab\\t quote\\" back\\\\"', '"tab\\t quote\\" back\\\\"');
});

test('boolean operators evaluate their right side only where it counts', () => {
  check('false && throw "no"', 'false');
  check('true || throw "no"', 'true');
  check('false -> throw "no"', 'true');
  check('true -> false', 'false');
  check('!true', 'false');
});

test('if evaluates one branch', () => {
  check('if 1 < 2 then "yes" else throw "no"', '"yes"');
});

test('equality is structural, and functions equal nothing', () => {
  check('[ 1, { a = "x", }, ] == [ 1, { a = "x", }, ]', 'true');
  check('{ a = 1, } == { a = 1, b = 2, }', 'false');
  check('(x => x) == (x => x)', 'false');
  check('let f = x => x, in f == f', 'false');
  check('null == false', 'false');
  check('"1" == 1', 'false');
  check('./a/b == ./a/../a/b', 'true');
  check('<github:a/b> == <github:a/b>', 'true');
  check('<github:a/b> == <github:a/c>', 'false');
  check('1 != 2', 'true');
});

test('numbers, strings and lists have an order', () => {
  check('[ 1, 2, ] < [ 1, 3, ]', 'true');
  check('[ 1, ] < [ 1, 0, ]', 'true');
  check('[ ] >= [ ]', 'true');
  check('2 <= 2', 'true');
  check('"b" > "a"', 'true');
});

test('let binds names that see each other, in any order', () => {
  check('let a = b + 1, b = 2, in a', '3');
  check(
    'let even = n => if n == 0 then true else odd (n - 1), odd = n => if n == 0 then false else even (n - 1), in even 10',
    'true',
  );
  check('let a.b = 1, a.c = a.b + 1, in a', '{ b = 1, c = 2, }');
  check('let x = 1, in let x = 2, in x', '2');
  check('let x = 1, f = y => let x = y, in x * 10, in [ (f 2), x, ]', '[ 20, 1, ]');
});

test('functions take one argument, and close over what is around them', () => {
  check('(x => y => x - y) 5 3', '2');
  check('let add = x => y => x + y, add3 = add 3, in [ (add3 1), (add3 2), ]', '[ 4, 5, ]');
  check('3 |> (x => x * 2)', '6');
  check('(x => x * 2) <| 3', '6');
  check('let a = 1, in (x => (y => (z => a + x + y + z) 4) 3) 2', '10');
});

test('patterns take attributes apart, with defaults that see the other names', () => {
  check('({ a, b, } => a + b) { a = 1, b = 2, }', '3');
  check('({ a, b = a * 2, } => b) { a = 4, }', '8');
  check('({ a = b, b = 1, } => a) { }', '1');
  check('({ a, ... } => a) { a = 1, z = 2, }', '1');
  check('(all @ { a, ... } => all.z) { a = 1, z = 2, }', '2');
  check('(all @ { a = 1, } => all ? a) { }', 'false');
  check('let a = 5, in ({ b = a, } => b) { }', '5');
});

test('attributes nest by dots, shorten names and do not see each other', () => {
  check('{ a.b.c = 1, a.d = 2, }', '{ a = { b = { c = 1, }, d = 2, }, }');
  check('let d = 3, in { d, }', '{ d = 3, }');
  check('let a = 1, in { a = 2, b = a, }', '{ a = 2, b = 1, }');
  check('let n = "x", in { `\\(n)-y` = 1, }', '{ x-y = 1, }');
  check('{ `with space` = 1, if_ = 2, }', '{ if_ = 2, `with space` = 1, }');
  check('{ b = 1, a = 2, "10" = 3, "9" = 4, }', '{ `10` = 3, `9` = 4, a = 2, b = 1, }');
  check('{ `__proto__` = 1, constructor = 2, }.constructor', '2');
  check('{ } ? toString', 'false');
  check('let n = "x", in { a.`\\(n)` = 1, }.a.x', '1');
});

test('`@` binds the finished attributes inside themselves', () => {
  check('self @ { a = 1, b = self.a + 1, }', '{ a = 1, b = 2, }');
  check('self @ { a.b = 1, c = self.a.b, }.c', '1');
  check('(self @ { a = 1, b = self.a, }) // { a = 5, }', '{ a = 5, b = 1, }');
  check('outer @ { a = 1, b = inner @ { c = outer.a, d = inner.c, }, }', '{ a = 1, b = { c = 1, d = 1, }, }');
});

test('update is right-biased and not deep', () => {
  check('{ a = 1, b = { c = 1, }, } // { b = { d = 2, }, }', '{ a = 1, b = { d = 2, }, }');
  check('{ a = 1, } // { a = 2, } // { a = 3, }', '{ a = 3, }');
});

test('selection falls back where anything on the way is missing', () => {
  check('{ a.b = 1, }.a.b', '1');
  check('{ a.b = 1, }.a.c or 2', '2');
  check('{ a = 1, }.a.b.c or 2', '2');
  check('{ a.b = 1, } ? a.b', 'true');
  check('{ a.b = 1, } ? a.c', 'false');
  check('1 ? a', 'false');
  check('let name = "b", in { a.b = 1, }.a.`\\(name)`', '1');
});

test('lists join', () => {
  check('[ 1, ] ++ [ 2, ] ++ [ ]', '[ 1, 2, ]');
});

test('builtins can be shadowed and passed around', () => {
  check('let map = 1, in map', '1');
  check('map toUpper [ "a", ]', '[ "A", ]');
  check('let addTo = foldLeft (a => b => a + b), in addTo 1 [ 2, 3, ]', '6');
  check('map (elementAt 0) [ [ 1, ], [ 2, ], ]', '[ 1, 2, ]');
  check('builtins.length [ 1, ]', '1');
  check('({ true, } => true) { true = 5, }', '5');
});

test('strings and names are shown as they can be written', () => {
  check('[ "\\=a", "a=b", ]', '[ "\\=a", "a=b", ]');
  check('{ `a-` = 1, a--b = 2, `a\\tb\\`"` = 3, }', '{ `a\\tb\\`"` = 3, `a-` = 1, a--b = 2, }');
});

test('what is shown reads back, and is laid out in lines where it is long', () => {
  check('[ null, true, 1.0, "x", ]', '[ null, true, 1.0, "x", ]');
  check('[ (x => x), map, (map toUpper), ]', '[ «function», «builtin map», «builtin map», ]');
  check('self @ { a = self, }', '{ a = «itself», }');
  check(
    '{ description = "a text that is long enough to need a line", other = "and one more such text here", }',
    '{\n  description = "a text that is long enough to need a line",\n  other = "and one more such text here",\n}',
  );
});
