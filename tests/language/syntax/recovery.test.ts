import test from 'node:test';
import { checkErrors } from './check.ts';

test('what is missing is told where it is missing', () => {
  checkErrors('', 'CAB1101 ^');
  checkErrors('a +', 'CAB1101 ^');
  checkErrors('{ a = , b = 2, }', 'CAB1101 ,');
  checkErrors('if a then b', 'CAB1105 ^');
  checkErrors('if a b else c', 'CAB1105 else');
  checkErrors('let a = 1, b', 'CAB1109 ^');
  checkErrors('a.', 'CAB1110 ^');
  checkErrors('a ? ', 'CAB1110 ^');
  checkErrors('{ a.b, }', 'CAB1109 ,');
  checkErrors('{ "a", }', 'CAB1109 ,');
});

test('brackets that do not match are one mistake each', () => {
  checkErrors('[ 1, 2', 'CAB1102 ^');
  checkErrors('{ a = [ 1, 2, }', 'CAB1102 }');
  checkErrors('{ a = (1, b = 2, }', 'CAB1104 ,');
  checkErrors('{ a = (1, 2), b = , }', 'CAB1104 ,', 'CAB1101 ,');
  checkErrors('let a = { b = 1 in a', 'CAB1102 in');
  checkErrors('{\n  a = [ 1, 2,\n  b = 3,\n}', 'CAB1102 b');
  checkErrors('{ a = 1, } }', 'CAB1103 }');
  checkErrors('{ a = ), b = 1 }', 'CAB1103 )');
  checkErrors('[ "a \\(b, c ]', 'CAB1104 ,');
});

test('what is not closed is told once', () => {
  checkErrors('{ a = "x,\n  b = 2,\n}', 'CAB1002 "x,');
  checkErrors('[ `a,\n b ]', 'CAB1002 `a,');
  checkErrors('{ a = #= b }', 'CAB1003 #=');
  checkErrors('{ a = <github:x/y, }', 'CAB1004 <github:x/y,');
  checkErrors('"= a', 'CAB1002 "=');
});

test('commas', () => {
  checkErrors('{ a = 1 b = 2 "c" = 3 }', 'CAB1106 ^');
  checkErrors('[ 1 "a" ./b ]', 'CAB1106 ^');
  checkErrors('[ , 1 ]', 'CAB1118 ,');
  checkErrors('{ a = 1; b = 2; }', 'CAB1107 ;');
});

test('binding and comparing', () => {
  checkErrors('if a = 1 then b else c', 'CAB1108 =');
  checkErrors('{ a == 1, }', 'CAB1108 ==');
});

test('names bound twice', () => {
  checkErrors('{ a = 1, b = 2, a = 3, }', 'CAB1201 a');
  checkErrors('{ a.b = 1, a.c = 2, a.b = 3, }', 'CAB1201 b');
  checkErrors('{ a.b = 1, a = 3, }', 'CAB1201 a');
  checkErrors('let a = 1, a = 2, in a', 'CAB1201 a');
  checkErrors('{ a, b, a } => a', 'CAB1202 a');
  checkErrors('a @ { a, b } => a', 'CAB1202 a');
  checkErrors('{ a = { b = 1, b = 2, }, c = , }', 'CAB1201 b', 'CAB1101 ,');
});

test('numbers, escapes and characters', () => {
  checkErrors(
    '[ 12ab, 0x, 1__0, 1_, 0b2, 1e999 ]',
    'CAB1006 12ab',
    'CAB1006 0x',
    'CAB1006 1__0',
    'CAB1006 1_',
    'CAB1006 0b2',
    'CAB1006 1e999',
  );
  checkErrors('"a \\q \\u{110000}"', 'CAB1005 \\q', 'CAB1005 \\u{110000}');
  checkErrors('a & b | c', 'CAB1001 &', 'CAB1001 |');
  checkErrors('a\u00a0b', 'CAB1001 \u00a0');
  checkErrors('.5', 'CAB1101 .');
});

test('patterns and lambdas', () => {
  checkErrors('x: x', 'CAB1112 :');
  checkErrors('{ a ? 1, b }@args: a', 'CAB1114 ?', 'CAB1113 @', 'CAB1112 :');
  checkErrors('{ a.b = 1 } => a', 'CAB1113 a.b');
  checkErrors('{ a, ... }', 'CAB1113 ...');
  checkErrors('f x => y', 'CAB1115 x');
  checkErrors('f if a then b else c', 'CAB1115 if');
  checkErrors('a or b', 'CAB1117 or');
});

test('habits of Nix are answered in terms of Cab', () => {
  checkErrors('with a; b', 'CAB1114 with');
  checkErrors('assert a == b; c', 'CAB1114 assert');
  checkErrors('rec { a = 1, }', 'CAB1114 rec');
  checkErrors('let inherit (a) b c; d = 1, in d', 'CAB1114 inherit');
  checkErrors("{ a = ''\n  b ${c}\n'', }", "CAB1114 ''\n  b ${c}\n''");
  checkErrors("'a'", "CAB1114 'a'");
  checkErrors('a /* b */ c', 'CAB1114 /* b */');
});

test('all mistakes of a file are told in one run', () => {
  checkErrors(
    '{\n  a = 1 +,\n  b = [ 1 2 ],\n  c == 3,\n  d = if x then y,\n  e = "\\q",\n  a = 2,\n}\n',
    'CAB1101 ,',
    'CAB1106 ^',
    'CAB1108 ==',
    'CAB1105 ,',
    'CAB1005 \\q',
    'CAB1201 a',
  );
});
