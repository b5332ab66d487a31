import assert from 'node:assert/strict';
import { test } from 'node:test';
import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import * as fc from 'fast-check';
import {
  type DerivationParts,
  type Fix,
  type Pins,
  type ResolvedDerivation,
  faultOfDerivation,
  makeDerivation,
} from '../../../src/derivations/index.ts';
import { digestOf, hashPartOf, storePath } from '../../../src/foundation/index.ts';
import {
  type Command,
  CommandSchema,
  PlatformSchema,
  commandOf,
  derivationOf,
  isDerivation,
} from '../../../src/realizer/protocol/index.ts';
import { chooseSeed } from '../../support/index.ts';

const pins: fc.Arbitrary<Pins> = fc
  .dictionary(fc.stringMatching(/^x[a-z0-9-]{0,8}$/), fc.stringMatching(/^[\x21-\x7e]{1,12}$/), {
    minKeys: 1,
    maxKeys: 3,
  })
  .map((others) => ({ ...others, git: 'f00' }));

const fix: fc.Arbitrary<Fix> = fc.oneof(
  fc.constant({ kind: 'none' as const }),
  fc.constant({ kind: 'self' as const }),
  pins.map((fixed) => ({ kind: 'fixed' as const, pins: fixed })),
);

const text = fc.string({ unit: 'grapheme' }).filter((each) => !each.includes('\0'));

const parts: fc.Arbitrary<DerivationParts> = fc
  .record({
    name: fc.stringMatching(/^[a-zA-Z0-9_+?=][a-zA-Z0-9_+?=.-]{0,20}$/),
    builder: text,
    arguments: fc.array(text),
    environment: fc.dictionary(fc.stringMatching(/^[A-BD-Za-z_][A-Za-z0-9_]{0,8}$/), text),
    inputs: fc.array(fc.nat({ max: 99 })).map((numbers) => ({
      derivations: [],
      trees: numbers.map((each) => storePath(hashPartOf(digestOf(`${each}`)), `tree-${each}`)),
    })),
    outputs: fc.uniqueArray(fc.stringMatching(/^[a-z][a-zA-Z0-9_]{0,6}$/), { minLength: 1, maxLength: 4 }),
    requiredRealizerFeatures: fc.uniqueArray(text, { maxLength: 4 }),
    fix,
  })
  .map((each) => (each.fix.kind === 'none' ? each : { ...each, outputs: ['out'] }))
  .filter((each) => faultOfDerivation(each) === undefined);

test('a derivation goes through a command, over the wire, and comes back with its id and pins', () => {
  const seed = chooseSeed();
  console.log(`seed ${seed}`);
  const property = fc.property(parts, pins, (each, pinned) => {
    const derivation = makeDerivation(each) as ResolvedDerivation;
    const bytes = toBinary(CommandSchema, commandOf({ derivation, pins: pinned }));
    const command = fromBinary(CommandSchema, bytes);
    assert.ok(isDerivation(command));
    const decoded = derivationOf(command, derivation.inputs.trees);
    assert.ok(decoded.ok, decoded.ok ? '' : decoded.fault);
    assert.deepEqual(decoded.value, { derivation, pins: pinned });
  });
  fc.assert(property, { seed, numRuns: 300 });
});

test('the lists of a command are in the order that the API wants, so that equal derivations are equal actions', () => {
  const derivation = makeDerivation({
    name: 'sorted',
    builder: '/bin/sh',
    arguments: [],
    environment: { b: '1', a: '2', B: '3' },
    inputs: { derivations: [], trees: [] },
    outputs: ['out', 'dev'],
    requiredRealizerFeatures: ['x86_64-linux', 'big-memory'],
    fix: { kind: 'none' },
  }) as ResolvedDerivation;
  const command = commandOf({ derivation, pins: { git: '1', etag: '2' } });
  assert.deepEqual(
    command.environmentVariables.map(({ name }) => name),
    ['B', 'a', 'b'],
  );
  const properties = command.platform?.properties.map(({ name, value }) => `${name}=${value}`);
  assert.deepEqual(properties, [
    'cab-feature=big-memory',
    'cab-feature=x86_64-linux',
    'cab-fix=none',
    'cab-name=sorted',
    'cab-output=dev',
    'cab-output=out',
    'cab-pin=etag:2',
    'cab-pin=git:1',
  ]);
  assert.deepEqual(command.outputPaths, command.outputPaths.toSorted());
});

const good = commandOf({
  derivation: makeDerivation({
    name: 'good',
    builder: '/bin/sh',
    arguments: ['-c', 'true'],
    environment: {},
    inputs: { derivations: [], trees: [] },
    outputs: ['out'],
    requiredRealizerFeatures: [],
    fix: { kind: 'self' },
  }) as ResolvedDerivation,
  pins: {},
});

/** The command with the properties of one name replaced. */
function withProperty(name: string, ...values: readonly string[]): Command {
  const others = good.platform?.properties.filter((property) => property.name !== name) ?? [];
  const properties = [...others, ...values.map((value) => ({ name, value }))];
  return { ...good, platform: create(PlatformSchema, { properties }) };
}

const refused: readonly (readonly [string, Command, RegExp])[] = [
  ['no name', withProperty('cab-name'), /no name/],
  ['a name that leads out of the store', withProperty('cab-name', '../../etc'), /may hold only/],
  ['no arguments', { ...good, arguments: [] }, /no builder/],
  ['no outputs', withProperty('cab-output'), /no outputs/],
  ['an output twice', withProperty('cab-output', 'out', 'out'), /twice/],
  ['a pin that is no claim', withProperty('cab-pin', 'git'), /format:value/],
  ['a format that is pinned twice', withProperty('cab-pin', 'git:1', 'git:2'), /format:value/],
  ['an unknown way to be fixed', withProperty('cab-fix', 'perhaps'), /none, self and fixed/],
  ['no way to be fixed', withProperty('cab-fix'), /none, self and fixed/],
  ['fixed to nothing', withProperty('cab-fix', 'fixed'), /names no format/],
];

for (const [what, command, fault] of refused) {
  test(`a command with ${what} is no derivation, and it is told why`, () => {
    const decoded = derivationOf(command, []);
    assert.ok(!decoded.ok);
    assert.match(decoded.fault, fault);
  });
}
