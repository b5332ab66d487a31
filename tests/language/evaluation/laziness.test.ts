import assert from 'node:assert/strict';
import { test } from 'node:test';
import { EffectNeeded, Evaluator } from '../../../src/language/evaluation/index.ts';
import { check, checkError, evaluate, shown } from './check.ts';
import { MemoryWorld } from './memory-world.ts';

test('what is not needed is not evaluated', () => {
  check('let x = throw "no", in 1', '1');
  check('(x => 1) (throw "no")', '1');
  check('length [ (throw "no"), (throw "no"), ]', '2');
  check('{ a = 1, b = throw "no", }.a', '1');
  check('({ a = throw "no", } => 1) { }', '1');
  check('attributeNames { a = throw "no", }', '[ "a", ]');
  check('head (map (x => x + 1) [ 1, (throw "no"), ])', '2');
  check('attributeNames (mapAttributes (throw "no") { a = 1, })', '[ "a", ]');
  check('({ a = 1, } // { b = throw "no", }).a', '1');
  check('foldRight (x => rest => x) 0 [ 1, (throw "no"), ]', '1');
  check('any (x => x) [ true, (throw "no"), ]', 'true');
  check('(recursiveUpdate { a.b = 1, } { a.c = throw "no", }).a.b', '1');
});

test('endless structures can be used as far as they are needed', () => {
  check('let ones = { head = 1, tail = ones, }, in ones.tail.tail.head', '1');
  check('let fix = f => let x = f x, in x, in (fix (self => { a = 1, b = self.a + 1, })).b', '2');
});

test('a value is computed once', () => {
  const world = new MemoryWorld();
  shown('let x = trace "computed" 1, in x + x + x', world);
  assert.deepEqual(world.traced, ['computed']);
});

test('an argument is computed once, and where a list is mapped so is each element', () => {
  const world = new MemoryWorld();
  shown(
    '(x => x + x) (trace "argument" 1) + (xs => head xs + head xs) (map (x => trace "element" x) [ 1, ])',
    world,
  );
  assert.deepEqual(world.traced, ['argument', 'element']);
});

test('force and forceDeep say what is evaluated', () => {
  checkError('force (throw "first") 1', { code: 'CAB2010', message: /^first$/ });
  check('force [ (throw "no"), ] 1', '1');
  checkError('forceDeep [ { a = throw "deep", }, ] 1', { code: 'CAB2010', message: /^deep$/ });
});

test('an error comes again, the same, when a value is asked for again', () => {
  const { evaluator, value } = evaluate('{ a = throw "no", b = 1, }');
  const ask = () => evaluator.select(value, ['a']);
  assert.throws(ask, { message: 'CAB2010: no' });
  assert.throws(ask, { message: 'CAB2010: no' });
  assert.equal(evaluator.select(value, ['b']), 1);
});

/** Evaluates all of a file again and again, doing between the attempts what the world needs. */
function settle(evaluator: Evaluator, world: MemoryWorld): { value: string; attempts: number } {
  for (let attempts = 1; attempts < 20; attempts++) {
    try {
      const value = evaluator.forceDeep(evaluator.evaluateFile({ root: world.root, path: '/' }));
      return { value: evaluator.show(value), attempts };
    } catch (error) {
      if (!(error instanceof EffectNeeded)) throw error;
      world.settle(error.effect);
    }
  }
  throw new Error('no end of effects');
}

test('an evaluation that needs an effect starts again and keeps what it had', () => {
  const world = new MemoryWorld({
    '/default.cab':
      'let a = trace "kept" 1, b = force a (readFile ./slow), in { a, b, c = b + "!", d = import ./other.cab, }',
    '/other.cab': 'readFile ./slower',
    '/slow': 'slow text',
    '/slower': 'slower text',
  });
  world.postpone('/slow', '/other.cab', '/slower');
  const { value } = settle(new Evaluator(world), world);
  assert.equal(value, '{ a = 1, b = "slow text", c = "slow text!", d = "slower text", }');
  assert.deepEqual(world.traced, ['kept']);
});

test('an effect that one element needs lets the others ask for theirs', () => {
  const names = ['a', 'b', 'c', 'd', 'e'];
  const world = new MemoryWorld({
    '/default.cab': `[ ${names.map((name) => `(readFile ./${name}),`).join(' ')} ]`,
    ...Object.fromEntries(names.map((name) => [`/${name}`, name])),
  });
  world.postpone(...names.map((name) => `/${name}`));
  const evaluator = new Evaluator(world);
  assert.throws(
    () => evaluator.forceDeep(evaluator.evaluateFile({ root: world.root, path: '/' })),
    EffectNeeded,
  );
  for (const name of names) assert.ok(world.asked.includes(`readFile local:/${name}`));
});

test('a trace is printed once, however often the evaluation starts again', () => {
  const world = new MemoryWorld({ '/default.cab': 'trace "begin" (readFile ./slow)', '/slow': 'text' });
  world.postpone('/slow');
  assert.equal(settle(new Evaluator(world), world).value, '"text"');
  assert.deepEqual(world.traced, ['begin']);
});

test('tryEvaluate lets a missing effect pass', () => {
  const world = new MemoryWorld({ '/default.cab': 'tryEvaluate (readFile ./slow)', '/slow': 'text' });
  world.postpone('/slow');
  assert.equal(settle(new Evaluator(world), world).value, '{ success = true, value = "text", }');
});
