import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { evaluate } from '../check.ts';

const text = fc.string({ unit: 'binary', maxLength: 20 });
const integer = fc.oneof(
  fc.integer({ min: -1000, max: 1000 }),
  fc.bigInt({ min: -(2n ** 80n), max: 2n ** 80n }),
);

/** Any JSON, as text: integers of any size, floats with a point. */
const { json } = fc.letrec<{ json: string }>((tie) => ({
  json: fc.oneof(
    { maxDepth: 4, depthSize: 'small' },
    fc.constantFrom('null', 'true', 'false', '[]', '{}', '-0.0', '1.0e300'),
    integer.map(String),
    fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => `${value}`.replace(/^-?\d+$/, '$&.0')),
    text.map((value) => JSON.stringify(value)),
    fc.array(tie('json'), { maxLength: 4 }).map((elements) => `[${elements.join()}]`),
    fc.dictionary(text, tie('json'), { maxKeys: 4, noNullPrototype: false }).map(
      (members) =>
        `{${Object.entries(members)
          .map(([name, value]) => `${JSON.stringify(name)}:${value}`)
          .join()}}`,
    ),
  ),
}));

/** A string of the language: every character that may have a meaning is written as an escape. */
function literal(value: string): string {
  return `"${[...value].map((character) => `\\u{${(character.codePointAt(0) as number).toString(16)}}`).join('')}"`;
}

function holds(expression: string): void {
  assert.equal(evaluate(expression).value, true, expression);
}

test('JSON written and read again is the same, also through YAML', () => {
  fc.assert(
    fc.property(json, (source) => {
      const given = `fromJson ${literal(source)}`;
      holds(`let x = ${given}, in fromJson (toJson x) == x && toJson (fromJson (toJson x)) == toJson x`);
      holds(`let x = ${given}, in toJson (fromYaml (toYaml x)) == toJson x`);
    }),
    { numRuns: 150 },
  );
});

test('JSON is read as JSON.parse reads it', () => {
  fc.assert(
    fc.property(fc.json({ maxDepth: 4 }), (source) => {
      const { evaluator, value } = evaluate(`fromJson ${literal(source)}`);
      assert.deepEqual(JSON.parse(JSON.stringify(evaluator.toJson(value))), JSON.parse(source));
    }),
    { numRuns: 150 },
  );
});

test('what is no JSON for JSON.parse is none here', () => {
  const damaged = fc
    .tuple(json, fc.nat(), fc.constantFrom('', ',', ']', '}', '"', '\\', '1', '.', 'e', '-'))
    .map(([source, place, put]) => {
      const at = place % (source.length + 1);
      return source.slice(0, at) + put + source.slice(at + 1);
    });
  fc.assert(
    fc.property(damaged, (source) => {
      // Only a float can be too large here, and half a pair of units is no string of the language.
      fc.pre(!/[eE][+-]?\d{3}/.test(source) && source.isWellFormed());
      let isJson = true;
      try {
        JSON.parse(source);
      } catch {
        isJson = false;
      }
      let isRead = true;
      try {
        evaluate(`fromJson ${literal(source)}`);
      } catch {
        isRead = false;
      }
      assert.equal(isRead, isJson, source);
    }),
    { numRuns: 300 },
  );
});

test('TOML written and read again is the same', () => {
  const table = fc
    .dictionary(text, json, { maxKeys: 4 })
    .map(
      (members) =>
        `{${Object.entries(members)
          .map(([name, value]) => `${JSON.stringify(name)}:${value}`)
          .join()}}`,
    )
    .filter((source) => !/null|\d{19}/.test(source));
  fc.assert(
    fc.property(table, (source) => {
      holds(`let x = fromJson ${literal(source)}, in toJson (fromToml (toToml x)) == toJson x`);
    }),
    { numRuns: 100 },
  );
});

test('split and join undo each other', () => {
  fc.assert(
    fc.property(
      text,
      text.filter((separator) => separator !== ''),
      (string, separator) => {
        holds(
          `join ${literal(separator)} (split ${literal(separator)} ${literal(string)}) == ${literal(string)}`,
        );
        holds(`join "" (characters ${literal(string)}) == ${literal(string)}`);
      },
    ),
    { numRuns: 100 },
  );
});

test('encodings are those of the platform, and are undone', () => {
  fc.assert(
    fc.property(text, (string) => {
      const bytes = Buffer.from(string);
      const s = literal(string);
      holds(`encodeBase64 ${s} == "${bytes.toString('base64')}" && decodeBase64 (encodeBase64 ${s}) == ${s}`);
      holds(
        `encodeHexadecimal ${s} == "${bytes.toString('hex')}" && decodeHexadecimal (encodeHexadecimal ${s}) == ${s}`,
      );
      holds(`decodeUrl (encodeUrl ${s}) == ${s}`);
      const hash = createHash('sha256').update(string).digest();
      holds(
        `convertHash "integrity" "sha256:\\(hashString "sha256" ${s})" == "sha256-${hash.toString('base64')}"`,
      );
      holds(
        `convertHash "hexadecimal" ("sha256:" + convertHash "nix32" "sha256-${hash.toString('base64')}") == "${hash.toString('hex')}"`,
      );
    }),
    { numRuns: 60 },
  );
});

test('lists are sorted as JavaScript sorts them', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: -20, max: 20 }), { maxLength: 40 }), (numbers) => {
      const list = `[ ${numbers.map((number) => `(${number}), `).join('')}]`;
      const sorted = `[ ${numbers
        .toSorted((a, b) => a - b)
        .map((number) => `(${number}), `)
        .join('')}]`;
      holds(`sort (a => b => a < b) ${list} == ${sorted} && sortOn identity ${list} == ${sorted}`);
      const even = numbers.toSorted((a, b) => Math.abs(a % 5) - Math.abs(b % 5));
      holds(
        `sortOn (x => absolute (modulo x 5)) ${list} == [ ${even.map((number) => `(${number}), `).join('')}]`,
      );
    }),
    { numRuns: 60 },
  );
});

test('versions have one order', () => {
  const version = fc.array(fc.constantFrom('0', '1', '10', 'a', 'pre', 'rc', '.', '-', '_'), {
    maxLength: 6,
  });
  fc.assert(
    fc.property(version, version, version, (...versions) => {
      const [a, b, c] = versions.map((parts) => `"${parts.join('')}"`);
      holds(`compareVersions ${a} ${b} == -(compareVersions ${b} ${a}) && compareVersions ${a} ${a} == 0`);
      holds(
        `compareVersions ${a} ${b} <= 0 && compareVersions ${b} ${c} <= 0 -> compareVersions ${a} ${c} <= 0`,
      );
    }),
    { numRuns: 150 },
  );
});

test('versions compare and fall apart as in Nix', { skip: reasonToSkip() }, () => {
  const version = fc
    .array(fc.constantFrom('0', '1', '10', 'a', 'pre', 'rc', '.', '-', '_', '+'), { maxLength: 7 })
    .map((parts) => parts.join(''));
  const pairs = fc.sample(fc.tuple(version, version), { numRuns: 400, seed: 11 });
  const list = pairs.map(([a, b]) => `{ a = "${a}"; b = "${b}"; }`).join(' ');
  const pairList = `[ ${pairs.map(([a, b]) => `{ a = "${a}", b = "${b}", }, `).join('')}]`;
  assert.deepEqual(
    own(`map (x => [ (compareVersions x.a x.b), (parseVersion x.a), ]) ${pairList}`),
    told(`map (x: [ (builtins.compareVersions x.a x.b) (builtins.splitVersion x.a) ]) [ ${list} ]`),
  );
  assert.deepEqual(
    own(`map (x => parsePackageName "\\(x.a)-\\(x.b)") ${pairList}`),
    told(`map (x: builtins.parseDrvName (x.a + "-" + x.b)) [ ${list} ]`),
  );
});

function told(expression: string): unknown {
  const words = ['--eval', '--strict', '--json', '-E', expression];
  return JSON.parse(execFileSync('nix-instantiate', words, { encoding: 'utf8' })) as unknown;
}

function own(expression: string): unknown {
  const { evaluator, value } = evaluate(expression);
  return JSON.parse(JSON.stringify(evaluator.toJson(value))) as unknown;
}

/** Nix is asked where it is there. */
function reasonToSkip(): string | false {
  return spawnSync('nix-instantiate', ['--version']).status === 0
    ? false
    : 'nix-instantiate is not installed';
}

test('integers in other bases and as bits are those of JavaScript', () => {
  fc.assert(
    fc.property(integer, integer, fc.integer({ min: 2, max: 36 }), fc.nat(90), (a, b, base, bits) => {
      const [x, y] = [BigInt(a), BigInt(b)];
      holds(
        `toBase ${base} (${x}) == "${x.toString(base)}" && fromBase ${base} "${x.toString(base)}" == (${x})`,
      );
      holds(
        `bitAnd (${x}) (${y}) == (${x & y}) && bitOr (${x}) (${y}) == (${x | y}) && bitXor (${x}) (${y}) == (${x ^ y})`,
      );
      holds(
        `shiftLeft ${bits} (${x}) == (${x << BigInt(bits)}) && shiftRight ${bits} (${x}) == (${x >> BigInt(bits)})`,
      );
      holds(`bitNot (${x}) == (${~x}) && sum [ (${x}), (${y}), ] == (${x + y})`);
    }),
    { numRuns: 100 },
  );
});

test('an argument of a shell is read as it was', () => {
  const words = fc.sample(
    text.filter((word) => !word.includes('\0')),
    { numRuns: 60, seed: 7 },
  );
  const { value } = evaluate(`escapeShellArguments [ ${words.map((word) => `${literal(word)}, `).join('')}]`);
  const printed = execFileSync('sh', ['-c', `printf '%s\\0' ${value as string}`], { encoding: 'utf8' });
  assert.deepEqual(printed.split('\0').slice(0, -1), words);
});
