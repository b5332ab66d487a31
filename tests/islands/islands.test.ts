import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  type IslandBody,
  islandTypes,
  looksLikeIsland,
  makeIsland,
  parseIsland,
} from '../../src/islands/index.ts';

/** Text, the lock's key, the tree's name, what `fetch.wasm` is told. */
const islands: readonly (readonly [string, string, string, readonly string[]])[] = [
  [
    'github:cull-os/cab',
    'github:cull-os/cab',
    'cab',
    ['git', 'https://github.com/cull-os/cab.git', 'HEAD', ''],
  ],
  ['<github:o/r/v1.0>', 'github:o/r/v1.0', 'r', ['git', 'https://github.com/o/r.git', 'v1.0', '']],
  [
    'github:o/r/feature/x',
    'github:o/r/feature/x',
    'r',
    ['git', 'https://github.com/o/r.git', 'feature/x', ''],
  ],
  [
    'github:o/r::/docs/api/',
    'github:o/r::/docs/api',
    'r',
    ['git', 'https://github.com/o/r.git', 'HEAD', 'docs/api'],
  ],
  ['git:https://e.org/a.git', 'git:https://e.org/a.git', 'a', ['git', 'https://e.org/a.git', 'HEAD', '']],
  ['git:http://e.org/a?ref=main', 'git:http://e.org/a?ref=main', 'a', ['git', 'http://e.org/a', 'main', '']],
  [
    'https://e.org/x-1.0.tar.gz',
    'https://e.org/x-1.0.tar.gz',
    'x-1.0',
    ['http', 'https://e.org/x-1.0.tar.gz', ''],
  ],
  ['http://e.org/a%20b.txt#c', 'http://e.org/a%20b.txt', 'a-b.txt', ['http', 'http://e.org/a%20b.txt', '']],
  ['https://E.org', 'https://e.org/', 'unnamed', ['http', 'https://e.org/', '']],
];

for (const [text, key, name, args] of islands) {
  test(`${text} is ${key}`, () => {
    const parsed = parseIsland(text);
    assert.ok(parsed.ok, parsed.ok ? '' : parsed.diagnostic.message);
    assert.equal(parsed.island.key, key);
    assert.equal(parsed.island.name, name);
    assert.deepEqual(parsed.island.source, { kind: 'fetched', arguments: args });
  });
}

test('a key is itself a text that gives the same island', () => {
  for (const [text] of islands) {
    const once = parseIsland(text);
    assert.ok(once.ok);
    assert.deepEqual(parseIsland(once.island.key), once);
  }
});

test('named options give the island that the text gives', () => {
  const pairs: readonly (readonly [string, IslandBody, string])[] = [
    ['git', { url: 'https://e.org/a.git', ref: 'main' }, 'git:https://e.org/a.git?ref=main'],
    ['git', { url: 'https://e.org/a.git' }, 'git:https://e.org/a.git'],
    ['github', { owner: 'o', repository: 'r', ref: 'x' }, 'github:o/r/x'],
    ['https', { url: 'https://e.org/a' }, 'https://e.org/a'],
  ];
  for (const [type, options, text] of pairs)
    assert.deepEqual(makeIsland(type, options, ''), parseIsland(text));
});

/** Text, and what its diagnostic says. */
const mistakes: readonly (readonly [string, string, RegExp])[] = [
  ['gihub:o/r', 'CAB3001', /did you mean 'github'/],
  ['nowhere:o/r', 'CAB3001', /the types are/],
  ['github:o', 'CAB3002', /needs an owner and a repository/],
  ['github:o/..', 'CAB3002', /has not the form OWNER\/REPOSITORY/],
  ['github:o/r/a..b', 'CAB3002', /cannot be the name of a branch/],
  ['github:o/r/-x', 'CAB3002', /cannot be the name of a branch/],
  ['github:o/r::/../x', 'CAB3002', /leads elsewhere/],
  ['git:ssh://e.org/a', 'CAB3002', /not an http or https address/],
  ['https://user:secret@e.org/a', 'CAB3002', /password/],
  ['git:https://user:secret@e.org/a', 'CAB3002', /password/],
  ['git:https://e.org/a#b', 'CAB3002', /not an http or https address/],
  ['git:https://[::1/a', 'CAB3002', /not an http or https address/],
  ['github:o/r::/a//b', 'CAB3002', /leads elsewhere/],
  ['https:e.org', 'CAB3002', /not an address/],
  ['cab:nothing', 'CAB3002', /Cab brings no/],
  ['cab:packages::/x', 'CAB3002', /no sub-trees/],
];

for (const [text, code, words] of mistakes) {
  test(`${text} is refused`, () => {
    const parsed = parseIsland(text);
    assert.ok(!parsed.ok);
    assert.equal(parsed.diagnostic.code, code);
    assert.match(`${parsed.diagnostic.message} ${parsed.diagnostic.hint}`, words);
  });
}

/** What is told of an option that git islands do not have. */
function hintFor(option: string): string | undefined {
  const parsed = makeIsland('git', { url: 'https://e.org/a', [option]: 'x' }, '');
  assert.ok(!parsed.ok);
  assert.match(parsed.diagnostic.message, new RegExp(`no option '${option}'$`));
  return parsed.diagnostic.hint;
}

test('for an option that a type does not know it is told what is meant, or what there is', () => {
  assert.equal(hintFor('colour'), 'it takes url, ref, submodules');
  assert.equal(hintFor('submodule'), "did you mean 'submodules'?");
  assert.equal(hintFor('branch'), "a branch, a tag or a commit is given as 'ref'");
});

test('a word of the command line is an island where it begins with a type, and a path elsewhere', () => {
  for (const name of islandTypes.keys()) assert.ok(looksLikeIsland(`${name}:x`));
  assert.ok(looksLikeIsland('<unknown:x>'));
  for (const path of ['.', './github:o/r', 'default.cab', 'c:folder']) assert.ok(!looksLikeIsland(path));
});
