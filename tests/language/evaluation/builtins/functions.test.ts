import assert from 'node:assert/strict';
import { test } from 'node:test';
import { diagnosticsOf, shown } from '../check.ts';
import { MemoryWorld } from '../memory-world.ts';
import { errors, values } from './table.ts';

values('functions of functions', {
  'constant 1 (throw "not needed")': '1',
  'flip substring 1 0 "abc"': '"a"',
  'pipe [ ] 1': '1',
  'pipe [ (constant 2), ] (throw "not needed")': '2',
  'map (pipe [ toString, (s => s + "!"), ]) [ 1, 2, ]': '[ "1!", "2!", ]',
});

values('fixed points', {
  '(fixedPoint (self => { a = 1, b = self.a + 1, })).b': '2',
  'fixedPoint (x => 1)': '1',
  'take 3 (fixedPoint (self => [ 1, ] ++ [ (head self + 1), ]))': '[ 1, 2, ]',
  '(fixedPoint (extends (final => previous => { b = final.a, }) (final => { a = 1, b = throw "not needed", }))).b':
    '1',
  'let e = makeExtensible (final => { a = 1, b = final.a * 10, }), f = e.extend (final => previous => { a = previous.a + 1, }), g = f.extend (final => previous => { c = final.b, }), in [ e.b, f.b, g.c, ]':
    '[ 10, 20, 20, ]',
  'isLambda (makeExtensible (final => { })).extend': 'true',
  'composeExtensions [ ] { } { a = 1, }': '{ }',
  'fixedPoint (extends (composeExtensions [ (final => previous => { a = previous.a ++ [ 2, ], }), (final => previous => { a = previous.a ++ [ 3, ], b = length final.a, }), ]) (final => { a = [ 1, ], }))':
    '{ a = [ 1, 2, 3, ], b = 3, }',
});

errors('functions that do not fit', {
  'fixedPoint (x => x)': 'CAB2002',
  'fixedPoint 1': 'CAB2006',
  'makeExtensible (final => 1)': 'CAB2004',
  'fixedPoint (extends (final => previous => 1) (final => { }))': { code: 'CAB2004', message: /overlay/ },
  'pipe [ 1, ] 2': 'CAB2006',
});

test('what is traced and warned of is printed when it is evaluated', () => {
  const world = new MemoryWorld();
  shown('let x = traceValue [ 1, "a", ], y = warn "old" 2, z = traceValue 3, in [ x, y, y, ]', world);
  assert.deepEqual(world.traced, ['[ 1, "a", ]', 'warning: old']);
});

test('an error tells what was added to it in its trace, from the inside out', () => {
  const [diagnostic] = diagnosticsOf(
    'addErrorContext "while reading the settings" (1 + addErrorContext "in line 2" (throw "no"))',
  );
  assert.equal(diagnostic?.code, 'CAB2010');
  assert.deepEqual(
    diagnostic.trace?.map(({ message }) => message),
    ['in line 2', 'while reading the settings'],
  );
});

values('added context changes nothing else', {
  'addErrorContext (throw "not needed") 1': '1',
  '(tryEvaluate (addErrorContext "x" (throw "no"))).success': 'false',
});

values('values shown as text', {
  'show [ 1, 1.0, "a\\n", null, true, { `a b` = 1, }, (x => x), ./a, ]':
    '"[ 1, 1.0, \\"a\\\\n\\", null, true, { `a b` = 1, }, «function», ./a, ]"',
  'show (self @ { a = self, })': '"{ a = «itself», }"',
});
