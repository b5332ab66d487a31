import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DiagnosticError } from '../../../src/diagnostics/index.ts';
import { checkError, diagnosticsOf, evaluate } from './check.ts';
import { MemoryWorld } from './memory-world.ts';

test('every name that is not defined is told, before anything is evaluated', () => {
  checkError('let source = 1, in sorce', { code: 'CAB2001', at: 'sorce', hint: /'source'/ });
  const texts = diagnosticsOf('{ a = unknwon, b = x => y, c = lenght [ ], }').map(({ message }) => message);
  assert.deepEqual(texts, [
    "the name 'unknwon' is not defined",
    "the name 'y' is not defined",
    "the name 'lenght' is not defined",
  ]);
});

test('names are seen only where they are bound', () => {
  checkError('(let a = 1, in a) + a', { code: 'CAB2001', at: 'a' });
  checkError('{ a = 1, b = a, }', { code: 'CAB2001', at: 'a' });
  checkError('({ a, b = c, } => c) { }', { code: 'CAB2001', at: 'c' });
});

test('a value that needs itself is told with its place', () => {
  checkError('let a = b + 1, b = -a, in a', { code: 'CAB2002', at: '-a', labels: ['b + 1'] });
  checkError('let a = b + 1, b = -c, c = a, in [ a, ]', {
    code: 'CAB2002',
    at: '-c',
    labels: ['b + 1'],
  });
  checkError('let x = x, in x', { code: 'CAB2002', at: 'x', labels: [] });
  checkError('self @ { a = self.b, b = self.a, }', { code: 'CAB2002' });
  checkError('self @ { `\\(attributeNames self)` = 1, }', { code: 'CAB2002' });
});

test('a file that imports itself is told', () => {
  const world = new MemoryWorld({ '/a.cab': 'import ./b.cab', '/b.cab': 'import ./a.cab' });
  checkError('import ./a.cab', { code: 'CAB2002' }, world);
});

test('a recursion that goes too deep ends in a diagnostic', () => {
  checkError('let f = n => 1 + f (n + 1), in f 0', { code: 'CAB2003' });
  checkError('let f = n => { a = f n, }, in f 0 == f 0', { code: 'CAB2003' });
  checkError('foldLeft (f => i => x => f (x + 1)) (x => x) (range 1 1000000) 0', { code: 'CAB2003' });
});

test('evaluation goes on after one that went too deep', () => {
  checkError('let f = n => 1 + f n, in f 0', { code: 'CAB2003' });
  assert.equal(evaluate('1 + 1').value, 2);
});

test('operands of the wrong type are pointed at', () => {
  checkError('1 + "a"', { code: 'CAB2004', at: '1 + "a"', hint: /write it into the string/ });
  checkError('"a" + 1', { code: 'CAB2004', at: '1' });
  checkError('1 * "a"', { code: 'CAB2004', at: '"a"' });
  checkError('[ 1, ] + [ 2, ]', { code: 'CAB2004', hint: /\+\+/ });
  checkError('{ } + { }', { code: 'CAB2004', hint: /\/\// });
  checkError('[ ] ++ 1', { code: 'CAB2004', at: '1' });
  checkError('{ } // [ ]', { code: 'CAB2004', at: '[ ]' });
  checkError('!1', { code: 'CAB2004', at: '1' });
  checkError('-"a"', { code: 'CAB2004', at: '"a"' });
  checkError('if 1 then 2 else 3', { code: 'CAB2004', at: '1', message: /boolean/ });
  checkError('true && 1', { code: 'CAB2004', at: '1' });
  checkError('{ } < { }', { code: 'CAB2018', at: '{ } < { }' });
  checkError('1 < "a"', { code: 'CAB2018' });
});

test('numbers that cannot be computed are told', () => {
  checkError('1 / (2 - 2)', { code: 'CAB2012', at: '2 - 2' });
  checkError('1.0 / 0', { code: 'CAB2012' });
  checkError('1e300 * 1e300', { code: 'CAB2012' });
  checkError('modulo 1 0', { code: 'CAB2012', at: 'modulo 1 0' });
});

test('a missing attribute is told with one that is near', () => {
  checkError('{ source = 1, }.sorce', { code: 'CAB2005', at: 'sorce', hint: /did you mean 'source'/ });
  checkError('{ a = 1, b = 2, }.zebra', { code: 'CAB2005', hint: /'a', 'b'/ });
  checkError('1.5 |> (x => x.a)', { code: 'CAB2004', at: 'a', message: /the float 1.5 has no attributes/ });
  checkError('getAttribute "b" { a = 1, }', { code: 'CAB2005', at: 'getAttribute "b" { a = 1, }' });
});

test('a call of what is no function is told', () => {
  checkError('let f = 1, in f 2', { code: 'CAB2006', at: 'f', message: /the integer 1/ });
  checkError('let f = { }, in f { }', { code: 'CAB2006', message: /attributes/ });
  checkError('map 1 [ 1, ]', { code: 'CAB2004', message: /function of 'map'/ });
});

test('arguments that a pattern does not take, or lacks, are told at the call and at the function', () => {
  checkError('let f = { source, } => source, in f { sorce = 1, }', {
    code: 'CAB2008',
    at: 'sorce',
    labels: ['source'],
    hint: /'sorce'/,
  });
  checkError('let f = { source = 1, } => source, in f { sorce = 1, }', {
    code: 'CAB2007',
    at: 'sorce',
    labels: ['{ source = 1, }'],
    hint: /'source'/,
  });
  checkError('({ a, } => a) 1', { code: 'CAB2004', labels: ['{ a, }'] });
});

test('an attribute that is computed twice is told', () => {
  checkError('let n = "a", in { a = 1, `\\(n)` = 2, }', { code: 'CAB2009', at: '`\\(n)`' });
});

test('throw and assert speak for themselves', () => {
  checkError('1 + throw "a reason"', { code: 'CAB2010', at: 'throw "a reason"', message: /^a reason$/ });
  checkError('assert (1 > 2) "x"', { code: 'CAB2011', at: 'assert (1 > 2) "x"' });
});

test('tryEvaluate catches what was thrown, and no other error', () => {
  checkError('tryEvaluate (1 + "a")', { code: 'CAB2004' });
  checkError('tryEvaluate { }.a', { code: 'CAB2005' });
});

test('values that have no text are told with what to do', () => {
  checkError('"\\(1.5)"', { code: 'CAB2014', at: '1.5', hint: /toString/ });
  checkError('"\\(true)"', { code: 'CAB2014', at: 'true', hint: /toString/ });
  checkError('"\\([ ])"', { code: 'CAB2014', hint: /join/ });
  checkError('"\\({ })"', { code: 'CAB2014', hint: /toJson/ });
  checkError('"\\(x => x)"', { code: 'CAB2014' });
  checkError('toJson (x => x)', { code: 'CAB2019' });
});

test('builtins name what they were given wrongly', () => {
  checkError('head [ ]', { code: 'CAB2013', at: 'head [ ]' });
  checkError('elementAt 2 [ 1, 2, ]', { code: 'CAB2013', message: /index 2/ });
  checkError('elementAt (-1) [ 1, ]', { code: 'CAB2022' });
  checkError('length 1', {
    code: 'CAB2004',
    message: /the list of 'length' must be a list, and is the integer 1/,
  });
  checkError('removeAttributes { a = 1, } [ "a", ]', {
    code: 'CAB2004',
  });
  checkError('match "(" "a"', { code: 'CAB2020' });
  checkError('match ")(" "a"', { code: 'CAB2020' });
  checkError('fromJson "{ \\"a\\": 01 }"', { code: 'CAB2017', message: /JSON/ });
  checkError('fromToml "a = "', { code: 'CAB2017', message: /TOML/ });
  checkError('toInteger "12x"', { code: 'CAB2017' });
  checkError('hashString "crc32" "a"', { code: 'CAB2022' });
  checkError('split "" "a"', { code: 'CAB2022' });
  checkError('sort (a => b => 1) [ 1, 2, ]', { code: 'CAB2004', message: /'sort'/ });
  checkError('generateList (x => x) 999999999', { code: 'CAB2022' });
});

test('an error inside what a builtin calls later has its own place', () => {
  checkError('map (x => x.a) [ { b = 1, }, ]', { code: 'CAB2005', at: 'a' });
  checkError('mapAttributes (n => v => v + "x") { a = 1, }', { code: 'CAB2004', at: 'v + "x"' });
});

test('a trace tells the calls and attributes that led to the error, from the inside out', () => {
  checkError('let f = x => x.missing, g = x => f x, in { a = g { }, }', {
    code: 'CAB2005',
    at: 'missing',
    trace: ["while calling 'f'", "while calling 'g'"],
  });
  checkError('{ a = 1 +\n{ b = throw "x", }.b, }', {
    code: 'CAB2010',
    trace: ["while evaluating the attribute 'a'"],
  });
});

test('a trace leaves out what is seen from the place that is shown', () => {
  checkError('{ a = 1 + { b = throw "x", }.b, }', { code: 'CAB2010', trace: [] });
  checkError('length (\nmap (x => x)\n1)', { code: 'CAB2004', trace: [] });
});

test('a value of the wrong type is pointed at where it can only be one of the arguments', () => {
  checkError('map (x => x) { }', { code: 'CAB2004', at: '{ }' });
  checkError('{ } |> map (x => x)', { code: 'CAB2004', at: '{ }' });
  checkError('let s = "a", in range s 2', { code: 'CAB2004', at: 's' });
  checkError('let s = "a", t = 2, in range s t', { code: 'CAB2004', at: 'range s t' });
  // Another builtin than the one that is called: the value is no argument of this call.
  checkError('head (map (split ",") [ 1, ])', { code: 'CAB2004', at: 'map (split ",") [ 1, ]' });
});

test('a long trace keeps both ends', () => {
  const [diagnostic] = diagnosticsOf(
    'let f = n => if n == 0 then throw "end" else g n + 1, g = n => f (n - 1), in f 50',
  );
  assert.ok(diagnostic !== undefined);
  assert.equal(diagnostic.trace?.length, 10);
  assert.match(diagnostic.notes?.join() ?? '', /left out/);
});

test('an error in an imported file points there, with the import in its trace', () => {
  const world = new MemoryWorld({ '/lib.cab': 'x => x.name' });
  const [diagnostic] = diagnosticsOf('import ./lib.cab { }', world);
  assert.equal(diagnostic?.primary?.span.source.name, './lib.cab');
  assert.equal(diagnostic?.trace?.at(-1)?.span.source.name, '<test>');
});

test('a syntax error in an imported file is told as such', () => {
  const world = new MemoryWorld({ '/lib.cab': '{ a = , }' });
  const [diagnostic] = diagnosticsOf('import ./lib.cab', world);
  assert.match(diagnostic?.code ?? '', /^CAB1/);
  assert.equal(diagnostic?.primary?.span.source.name, './lib.cab');
});

test('what the world says gets the place of the one who asked', () => {
  checkError('{ a = readFile ./missing, }', { code: 'CAB5004', at: 'readFile ./missing' });
  checkError('import ./missing.cab', { code: 'CAB5004' });
});

test('values of a caller outside have no place, and errors still have one shape', () => {
  const { evaluator, value } = evaluate('{ a = 1, }');
  assert.throws(() => evaluator.select(value, ['b']), DiagnosticError);
});
