import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

/** Each layer, and what it may import besides itself, `foundation` and `diagnostics`. */
const layers: Readonly<Record<string, readonly string[]>> = {
  foundation: [],
  diagnostics: [],
  'language/syntax': [],
  'language/formatter': ['language/syntax'],
  'language/evaluation': ['language/syntax', 'derivations'],
  'language/resolution': ['language/syntax'],
  derivations: [],
  store: ['derivations'],
  islands: ['store', 'derivations'],
  'realizer/server': [
    'realizer',
    'realizer/client',
    'realizer/protocol',
    'derivations',
    'store',
    'islands',
    'configuration',
  ],
  'realizer/protocol': ['realizer', 'derivations', 'store'],
  'realizer/client': ['realizer', 'realizer/protocol', 'derivations', 'store'],
  realizer: ['derivations', 'store'],
  configuration: ['realizer'],
  workspace: [
    'configuration',
    'language/evaluation',
    'islands',
    'derivations',
    'store',
    'realizer',
    'realizer/client',
  ],
  'language-server': [
    'language/syntax',
    'language/formatter',
    'language/evaluation',
    'language/resolution',
    'workspace',
  ],
  cli: [
    'configuration',
    'workspace',
    'language/evaluation',
    'language/formatter',
    'language/syntax',
    'language-server',
    'realizer/server',
  ],
};

const everywhere = ['foundation', 'diagnostics'];

const root = fileURLToPath(new URL('../../src', import.meta.url));

interface Import {
  readonly from: string;
  readonly to: string;
}

function importsOf(file: string): readonly Import[] {
  const text = readFileSync(path.join(root, file), 'utf8');
  const specifiers = [
    ...text.matchAll(/(?:from|import)\s*\(?\s*'([^']+)'/g),
    ...text.matchAll(/new URL\('([^']+)'/g),
  ];
  return specifiers
    .map((match) => match[1] as string)
    .filter((specifier) => specifier.startsWith('.'))
    .map((specifier) => ({ from: file, to: path.posix.join(path.posix.dirname(file), specifier) }));
}

function layerOf(file: string): string {
  const layer = Object.keys(layers).find((name) => file.startsWith(`${name}/`));
  assert.ok(
    layer !== undefined,
    `src/${file} lies in no layer: give it a room, and the room a row in the table`,
  );
  return layer;
}

const files = globSync('**/*.ts', { cwd: root });
const imports = files.flatMap(importsOf);

test('the table of layers is checked against real imports', () => {
  assert.ok(imports.length > 100, `only ${imports.length} imports were found`);
});

test('each file lies in a layer', () => {
  for (const file of files) layerOf(file);
});

test('layers import only what the table allows', () => {
  const violations = imports.filter(({ from, to }) => {
    const [user, used] = [layerOf(from), layerOf(to)];
    return user !== used && !everywhere.includes(used) && !(layers[user] ?? []).includes(used);
  });
  assert.deepEqual(violations, []);
});

test('a layer is entered through its index.ts', () => {
  const violations = imports.filter(({ from, to }) => {
    const [user, used] = [layerOf(from), layerOf(to)];
    // The two grounds everything stands on name each other's files, because their doors would go round in a circle.
    if (everywhere.includes(user) && everywhere.includes(used)) return false;
    return user !== used && to !== `${used}/index.ts`;
  });
  assert.deepEqual(violations, []);
});
