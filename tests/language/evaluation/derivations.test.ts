import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Derivation, placeholderOf } from '../../../src/derivations/index.ts';
import { check, checkError, evaluate } from './check.ts';
import { MemoryWorld } from './memory-world.ts';

function derivationOf(text: string, world = new MemoryWorld()): Derivation {
  const { evaluator, value } = evaluate(text, world);
  const derivation = evaluator.asDerivation(value);
  assert.ok(derivation !== undefined, text);
  return derivation;
}

const simple = '(derivation { name = "simple", builder = "/bin/sh", })';

test('a derivation has the parts that it was given, and defaults', () => {
  const { id: _, ...parts } = derivationOf(simple);
  assert.deepEqual(parts, {
    name: 'simple',
    builder: '/bin/sh',
    arguments: [],
    environment: {},
    inputs: { derivations: [], trees: [] },
    outputs: ['out'],
    requiredRealizerFeatures: [],
    fix: { kind: 'none' },
  });
});

test('what is used in a derivation becomes its input', () => {
  const derivation = derivationOf(`let simple = ${simple}, in derivation {
    name = "uses", builder = <github:o/r>, arguments = [ ./script.sh, "\\(simple)/x", 5, ],
    environment = { SIMPLE = simple, TREE = "\\(./data)", NOTHING = null, },
  }`);
  const used = derivationOf(simple);
  const island = derivationOf('<github:o/r>');
  assert.equal(derivation.builder, placeholderOf(island, 'out'));
  assert.equal(derivation.arguments[1], `${placeholderOf(used, 'out')}/x`);
  assert.equal(derivation.arguments[2], '5');
  assert.deepEqual(Object.keys(derivation.environment), ['SIMPLE', 'TREE']);
  assert.deepEqual(derivation.inputs.derivations.map((input) => input.derivation.name).toSorted(), [
    'simple',
    'source',
  ]);
  assert.equal(derivation.inputs.trees.length, 2);
  assert.ok(derivation.inputs.trees.includes(derivation.arguments[0] as never));
});

test('each output is a string, and only the outputs that are used are inputs', () => {
  const text = 'let two = derivation { name = "two", builder = "b", outputs = [ "out", "dev", ], }, in ';
  check(`${text} two.dev == "\\(two)"`, 'false');
  check(`${text} two.out == "\\(two)"`, 'true');
  check(`${text} two ? dev && !(two ? doc)`, 'true');
  const derivation = derivationOf(`${text} derivation { name = "uses", builder = two.dev, }`);
  assert.deepEqual(derivation.inputs.derivations[0]?.outputs, ['dev']);
});

const fixOf = (fix: string) => derivationOf(`derivation { name = "f", builder = "b", fix = ${fix}, }`).fix;

test('the three ways to fix an output', () => {
  assert.deepEqual(fixOf('null'), { kind: 'none' });
  assert.deepEqual(fixOf('"self"'), { kind: 'self' });
  assert.deepEqual(fixOf('{ git = "3f2c", edition = "1", }'), {
    kind: 'fixed',
    pins: { edition: '1', git: '3f2c' },
  });
});

test('derivations are equal by id, and `meta` is kept beside', () => {
  check(`${simple} == ${simple}`, 'true');
  check('derivation { name = "a", builder = "b", } == derivation { name = "a", builder = "c", }', 'false');
  check('(derivation { name = "a", builder = "b", meta = { license = "MIT", }, }).meta.license', '"MIT"');
  check(
    'derivation { name = "a", builder = "b", meta = 1, } == derivation { name = "a", builder = "b", }',
    'true',
  );
  check(`typeOf ${simple}`, '"derivation"');
  check(`${simple}.builder`, '"/bin/sh"');
  check(`stringLength ${simple}.id`, '52');
});

test('the name and meta of a derivation can be read without the rest', () => {
  check('(derivation { name = "a", builder = throw "no", }).name', '"a"');
  check('(derivation { name = "a", builder = throw "no", meta = 1, }).meta', '1');
  check(
    'let a = derivation { name = "a", builder = b.name, }, b = derivation { name = "b", builder = a, }, in b.name',
    '"b"',
  );
});

test('derivations that need each other are told', () => {
  checkError(
    'let a = derivation { name = "a", builder = b, }, b = derivation { name = "b", builder = a, }, in "\\(a)"',
    { code: 'CAB2002' },
  );
});

test('the arguments of a derivation keep what they mention', () => {
  check(
    `length (getContext (elementAt 0 (derivation { name = "a", builder = "b", arguments = [ ${simple}, ], }).arguments))`,
    '1',
  );
});

test('mistakes in a derivation are told', () => {
  checkError('derivation { name = "a", bilder = "b", }', {
    code: 'CAB2007',
    at: 'bilder',
    hint: /'builder'/,
  });
  checkError('derivation { name = "a", builder = "b", colour = "x", }', {
    code: 'CAB2007',
    hint: /environment/,
  });
  checkError('derivation { name = "a", }', { code: 'CAB2008', message: /builder/ });
  checkError('derivation { name = "a b", builder = "b", }', { code: 'CAB4007' });
  checkError('derivation { name = "a", builder = "b", environment = { A = true, }, }', {
    code: 'CAB2014',
    at: 'true',
    message: /'A'/,
    hint: /toString/,
  });
  checkError('derivation { name = "a", builder = "b", environment = { A = [ ], }, }', {
    code: 'CAB2014',
    hint: /join/,
  });
  checkError('derivation { name = "a", builder = "b", outputs = [ "name", ], }', { code: 'CAB4007' });
  checkError('derivation { name = "a", builder = "b", fix = "selfish", }', {
    code: 'CAB2004',
    hint: /"self"/,
  });
  checkError('derivation { name = 1, builder = "b", }', { code: 'CAB2004', at: '1' });
  checkError('derivation { name = "a", builder = "b", arguments = "c", }', { code: 'CAB2004', at: '"c"' });
  checkError('derivation { name = "a", builder = "b", arguments = [ "c", [ ], ], }', {
    code: 'CAB2014',
    at: '[ ]',
  });
  checkError(`derivation { name = "\\(${simple})", builder = "b", }`, { code: 'CAB2021' });
  checkError(`${simple} // { a = 1, }`, { code: 'CAB2004', message: /derivation/, hint: /attributes/ });
  checkError(`${simple}.biulder`, { code: 'CAB2005', hint: /'builder'/ });
  checkError('toDerivation ./a', { code: 'CAB2004', hint: /store/ });
});

test('context survives what is done with a string', () => {
  const kept = (expression: string) =>
    check(
      `let s = "\\(${simple})-a b", t = ${expression}, in map (c => c.derivation.name) (getContext t)`,
      '[ "simple", ]',
    );
  kept('s + "x"');
  kept('"x" + s');
  kept('"\\(s)"');
  kept('join s [ "a", "b", ]');
  kept('join "" [ "a", s, ]');
  kept('head (split "-" s)');
  kept('head (lines s)');
  kept('substring 0 1 s');
  kept('replace "a" "b" s');
  kept('replace "a" s "banana"');
  kept('replace [ "a", ] [ s, ] "banana"');
  kept('trim s');
  kept('toUpper s');
  kept('toLower s');
  kept('toString s');
  kept('toJson { a = [ s, ], }');
  kept(`toJson ${simple}`);
  kept('elementAt 0 (match "(.*) b" s)');
  check(`getContext (withoutContext "\\(${simple})")`, '[ ]');
  check(`getContext (replace "x" "\\(${simple})" "banana")`, '[ ]');
});

test('a text with context has no place where outputs cannot be', () => {
  checkError(`{ \`\\(${simple})\` = 1, }`, { code: 'CAB2014' });
  checkError(`{ \`\\("\\(${simple})")\` = 1, }`, { code: 'CAB2021', hint: /withoutContext/ });
  checkError(`./a/\\("\\(${simple})")`, { code: 'CAB2021' });
});

test('a value for readers outside describes derivations', () => {
  const { evaluator, value } = evaluate(
    `{ a = ${simple}, b = 99999999999999999999, c = [ 1.5, null, ./x, ], }`,
  );
  const derivation = derivationOf(simple);
  assert.equal(
    JSON.stringify(evaluator.toJson(value)),
    `{"a":{"derivation":"${derivation.id}","name":"simple","outputs":{"out":"${placeholderOf(derivation, 'out')}"}},` +
      '"b":99999999999999999999,"c":[1.5,null,"./x"]}',
  );
});
