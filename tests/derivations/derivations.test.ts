import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  type Derivation,
  type DerivationParts,
  decodeDerivation,
  encodeDerivation,
  faultOfDerivation,
  makeDerivation,
  parseClaim,
  formatPins,
  placeholderOf,
  resolveDerivation,
  scopeOf,
} from '../../src/derivations/index.ts';
import { canonicalJson, digestOf, hashPartOf, storePath } from '../../src/foundation/index.ts';

const parts: DerivationParts = {
  name: 'example',
  builder: '/bin/sh',
  arguments: ['-c', 'true'],
  environment: {},
  inputs: { derivations: [], trees: [] },
  outputs: ['out'],
  requiredRealizerFeatures: ['wasm'],
  fix: { kind: 'none' },
};

const treeA = storePath(hashPartOf(digestOf('a')), 'a');
const treeB = storePath(hashPartOf(digestOf('b')), 'b');

function using(input: Derivation): Derivation {
  return makeDerivation({
    ...parts,
    environment: { input: `${placeholderOf(input, 'out')}/bin` },
    inputs: { derivations: [{ derivation: input, outputs: ['out'] }], trees: [] },
  });
}

test('the id is the hash of the canonical encoding', () => {
  const derivation = makeDerivation(parts);
  assert.equal(derivation.id, hashPartOf(digestOf(canonicalJson(encodeDerivation(derivation)))));
});

test('order and repetition in sets make no difference', () => {
  const one = {
    ...parts,
    requiredRealizerFeatures: ['b', 'a'],
    inputs: { derivations: [], trees: [treeB, treeA] },
  };
  const other = {
    ...parts,
    requiredRealizerFeatures: ['a', 'b', 'a'],
    inputs: { derivations: [], trees: [treeA, treeB, treeA] },
  };
  assert.equal(makeDerivation(one).id, makeDerivation(other).id);
});

test('everything that a build could notice makes another id', () => {
  const variants: readonly DerivationParts[] = [
    parts,
    { ...parts, name: 'other' },
    { ...parts, builder: '/bin/true' },
    { ...parts, arguments: ['true', '-c'] },
    { ...parts, environment: { a: '1' } },
    { ...parts, inputs: { derivations: [], trees: [treeA] } },
    { ...parts, outputs: ['dev', 'out'] },
    { ...parts, requiredRealizerFeatures: [] },
    { ...parts, fix: { kind: 'self' } },
    { ...parts, fix: { kind: 'fixed', pins: { git: 'x' } } },
    using(makeDerivation(parts)),
  ];
  assert.equal(new Set(variants.map((variant) => makeDerivation(variant).id)).size, variants.length);
});

test('derivations whose inputs came out the same resolve to the same one', () => {
  const [one, other] = [makeDerivation(parts), makeDerivation({ ...parts, environment: { comment: 'x' } })];
  assert.notEqual(using(one).id, using(other).id);
  const resolved = [one, other].map((input) => resolveDerivation(using(input), () => treeA));
  assert.equal(resolved[0]?.id, resolved[1]?.id);
  assert.equal(resolved[0]?.environment['input'], `${treeA}/bin`);
  assert.deepEqual(resolved[0]?.inputs, { derivations: [], trees: [treeA] });
});

test('what is fixed and what fixes itself have one scope', () => {
  const self = makeDerivation({ ...parts, fix: { kind: 'self' } });
  const fixed = makeDerivation({ ...parts, fix: { kind: 'fixed', pins: { git: '3f2c' } } });
  assert.equal(scopeOf(self), self.id);
  assert.equal(scopeOf(fixed), self.id);
  assert.notEqual(fixed.id, self.id);
});

test('a claim is a format, a colon and a printable value', () => {
  assert.deepEqual(parseClaim('git:3f2c'), { format: 'git', value: '3f2c' });
  assert.deepEqual(parseClaim('etag:"a:b"'), { format: 'etag', value: '"a:b"' });
  for (const line of ['', 'git', 'git:', ':x', 'Git:x', 'git:a b', 'git:a\r', `git:${'x'.repeat(5000)}`]) {
    assert.equal(parseClaim(line), undefined, JSON.stringify(line));
  }
  assert.equal(formatPins({ git: 'b', cab: 'a' }), 'cab:a\ngit:b\n');
});

const faults: readonly (readonly [Partial<DerivationParts>, RegExp])[] = [
  [{ name: 'a/b' }, /the name 'a\/b'/],
  [{ outputs: [] }, /no outputs/],
  [{ outputs: ['Out'] }, /the output 'Out'/],
  [{ environment: { out: '' } }, /the name of an output/],
  [{ environment: { 'a b': '' } }, /cannot be the name of an environment variable/],
  [{ environment: { CAB_PINS: '' } }, /reserved/],
  [{ arguments: ['a\0b'] }, /NUL/],
  [{ fix: { kind: 'self' }, outputs: ['out', 'dev'] }, /more than one output/],
  [{ fix: { kind: 'fixed', pins: { Cab: 'x' } } }, /not of the form/],
  [{ fix: { kind: 'fixed', pins: { git: 'git:x' } } }, /repeats the format/],
  [{ fix: { kind: 'fixed', pins: { cab: 'x' } } }, /not a Cab hash/],
  [{ fix: { kind: 'fixed', pins: {} } }, /names no format/],
];

for (const [change, words] of faults) {
  test(`a derivation with ${JSON.stringify(change)} is not well formed`, () => {
    assert.match(faultOfDerivation({ ...parts, ...change }) ?? '', words);
  });
}

test('a derivation without a fault is well formed', () => {
  assert.equal(faultOfDerivation(parts), undefined);
});

test('a canonical encoding is read back as the derivation that it is of', () => {
  for (const fix of [
    { kind: 'none' },
    { kind: 'self' },
    { kind: 'fixed', pins: { git: 'a', cab: hashPartOf(digestOf('x')) } },
  ] as const) {
    const derivation = makeDerivation({
      ...parts,
      environment: { A: '\n"ü' },
      inputs: { derivations: [], trees: [treeA] },
      fix,
    });
    const text = canonicalJson(encodeDerivation(derivation));
    assert.deepEqual(decodeDerivation(text), derivation);
  }
});

test('a text that is not the canonical encoding of a resolved derivation is refused', () => {
  const text = canonicalJson(encodeDerivation(makeDerivation(parts)));
  assert.ok(decodeDerivation(text) !== undefined);
  const damaged = [
    text.slice(0, -1),
    ` ${text}`,
    text.replace('"name":"example"', '"name":".example"'),
    text.replace('"outputs":["out"]', '"outputs":[]'),
    text.replace('"outputs":["out"]', '"outputs":["out","out"]'),
    text.replace('"trees":[]', '"trees":["/cab/store/x"]'),
    text.replace('"fix":null', '"fix":{}'),
    text.replace('"fix":null', '"fix":7'),
    text.replace('{"arguments"', '{"A":1,"arguments"'),
    canonicalJson(encodeDerivation(using(makeDerivation(parts)))),
    '[]',
    'null',
  ];
  for (const each of damaged) assert.equal(decodeDerivation(each), undefined, each);
});

test('what an island sets that authors may not is read back, and nothing else of the kind', () => {
  for (const [name, isRead] of [
    ['CAB_UNPACK', true],
    ['CAB_PINS', false],
  ] as const) {
    const derivation = makeDerivation({ ...parts, environment: { [name]: 'x' } });
    assert.match(faultOfDerivation(derivation) ?? '', /reserved/);
    const encoded = canonicalJson(encodeDerivation(derivation));
    assert.equal(decodeDerivation(encoded)?.id, isRead ? derivation.id : undefined);
  }
});
