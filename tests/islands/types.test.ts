import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import {
  type Arbitrary,
  array,
  assert as assertProperty,
  boolean,
  constantFrom,
  nat,
  oneof,
  property,
  record,
  string,
  tuple,
} from 'fast-check';
import { type IslandBody, islandTypes, makeIsland, parseIsland } from '../../src/islands/index.ts';
import { chooseSeed } from '../support/index.ts';

const digest = `sha256:${'0123456789abcdef'.repeat(4)}`;

/** Text, the lock's key where it is another one, the tree's name, what `fetch.wasm` is told. */
const islands: readonly (readonly [string, string, string, ...string[]])[] = [
  ['github:o/r.git', 'github:o/r', 'r', 'git', 'https://github.com/o/r.git', 'HEAD', ''],
  ['github:o/r?ref=a/b', 'github:o/r/a/b', 'r', 'git', 'https://github.com/o/r.git', 'a/b', ''],
  [
    'github:o/r/v1?submodules=true::/docs',
    '',
    'r',
    'git-submodules',
    'https://github.com/o/r.git',
    'v1',
    'docs',
  ],
  ['github:o/r?submodules=false', 'github:o/r', 'r', 'git', 'https://github.com/o/r.git', 'HEAD', ''],
  [
    'github:o/r?host=Git.E.org',
    'github:o/r?host=git.e.org',
    'r',
    'git',
    'https://git.e.org/o/r.git',
    'HEAD',
    '',
  ],
  ['codeberg:o/r/main', '', 'r', 'git', 'https://codeberg.org/o/r.git', 'main', ''],
  ['forgejo:git.e.org/o/r', '', 'r', 'git', 'https://git.e.org/o/r.git', 'HEAD', ''],
  ['forgejo:git.e.org:3000/o/r/f/x', '', 'r', 'git', 'https://git.e.org:3000/o/r.git', 'f/x', ''],
  ['gitlab:g/p', '', 'p', 'git', 'https://gitlab.com/g/p.git', 'HEAD', ''],
  ['gitlab:g/s/t/p?ref=v1', '', 'p', 'git', 'https://gitlab.com/g/s/t/p.git', 'v1', ''],
  [
    'gitlab:g/p?submodules=true&ref=v1&host=e.org',
    'gitlab:g/p?host=e.org&ref=v1&submodules=true',
    'p',
    'git-submodules',
    'https://e.org/g/p.git',
    'v1',
    '',
  ],
  ['gitlab:g/p?ref=a%26b%25', '', 'p', 'git', 'https://gitlab.com/g/p.git', 'a&b%', ''],
  ['sourcehut:~u/r', '', 'r', 'git', 'https://git.sr.ht/~u/r', 'HEAD', ''],
  ['sourcehut:~u/r/v1', '', 'r', 'git', 'https://git.sr.ht/~u/r', 'v1', ''],
  ['git:https://e.org/a?submodules=true', '', 'a', 'git-submodules', 'https://e.org/a', 'HEAD', ''],
  ['https://e.org/x-1.0.zip', '', 'x-1.0', 'http', 'https://e.org/x-1.0.zip', ''],
  ['https://e.org/x.tar.xz', '', 'x', 'http', 'https://e.org/x.tar.xz', ''],
  ['https://e.org/x.tar.zst', '', 'x', 'http', 'https://e.org/x.tar.zst', ''],
  ['https://e.org/x.tar.bz2', '', 'x', 'http', 'https://e.org/x.tar.bz2', ''],
  ['https://e.org/x.tgz', '', 'x', 'http', 'https://e.org/x.tgz', ''],
  ['https://e.org/x.txz', '', 'x', 'http', 'https://e.org/x.txz', ''],
  ['https://e.org/x.tbz2', '', 'x', 'http', 'https://e.org/x.tbz2', ''],
  ['https://e.org/x.gz', '', 'x.gz', 'http', 'https://e.org/x.gz', ''],
  ['npm:esbuild/0.25.0', '', 'esbuild-0.25.0', 'npm', 'https://registry.npmjs.org', 'esbuild', '0.25.0', ''],
  [
    'npm:esbuild@0.25.0',
    'npm:esbuild/0.25.0',
    'esbuild-0.25.0',
    'npm',
    'https://registry.npmjs.org',
    'esbuild',
    '0.25.0',
    '',
  ],
  ['npm:esbuild', '', 'esbuild', 'npm', 'https://registry.npmjs.org', 'esbuild', 'latest', ''],
  [
    'npm:esbuild/latest',
    'npm:esbuild',
    'esbuild',
    'npm',
    'https://registry.npmjs.org',
    'esbuild',
    'latest',
    '',
  ],
  [
    'npm:esbuild/next::/lib',
    '',
    'esbuild-next',
    'npm',
    'https://registry.npmjs.org',
    'esbuild',
    'next',
    'lib',
  ],
  ['npm:@s/n/1.0.0', '', 's-n-1.0.0', 'npm', 'https://registry.npmjs.org', '@s/n', '1.0.0', ''],
  ['npm:@s/n@1.0.0', 'npm:@s/n/1.0.0', 's-n-1.0.0', 'npm', 'https://registry.npmjs.org', '@s/n', '1.0.0', ''],
  ['npm:@s/n', '', 's-n', 'npm', 'https://registry.npmjs.org', '@s/n', 'latest', ''],
  [
    'npm:n?registry=https://E.org/npm/',
    'npm:n?registry=https://e.org/npm',
    'n',
    'npm',
    'https://e.org/npm',
    'n',
    'latest',
    '',
  ],
  ['crates:serde/1.0.2', '', 'serde-1.0.2', 'crates', 'https://index.crates.io', 'serde', '1.0.2', ''],
  [
    'crates:serde@1.0.2-rc.1',
    'crates:serde/1.0.2-rc.1',
    'serde-1.0.2-rc.1',
    'crates',
    'https://index.crates.io',
    'serde',
    '1.0.2-rc.1',
    '',
  ],
  [
    'pypi:requests/2.32.0',
    '',
    'requests-2.32.0',
    'pypi',
    'https://pypi.org/simple',
    'requests',
    '2.32.0',
    '',
  ],
  [
    'pypi:Zope.Interface/5.0',
    'pypi:zope-interface/5.0',
    'zope-interface-5.0',
    'pypi',
    'https://pypi.org/simple',
    'zope-interface',
    '5.0',
    '',
  ],
  [
    'go:github.com/google/uuid/v1.6.0',
    '',
    'github.com-google-uuid-v1.6.0',
    'go',
    'https://proxy.golang.org',
    'github.com/google/uuid',
    'v1.6.0',
    '',
  ],
  [
    'go:github.com/google/uuid@v1.6.0',
    'go:github.com/google/uuid/v1.6.0',
    'github.com-google-uuid-v1.6.0',
    'go',
    'https://proxy.golang.org',
    'github.com/google/uuid',
    'v1.6.0',
    '',
  ],
  [
    'go:e.org/m/v2/v2.1.0-0.20200101000000-abcdefabcdef',
    '',
    'e.org-m-v2-v2.1.0-0.20200101000000-abcdefabcdef',
    'go',
    'https://proxy.golang.org',
    'e.org/m/v2',
    'v2.1.0-0.20200101000000-abcdefabcdef',
    '',
  ],
  ['go:e.org/m/v2', '', 'e.org-m-v2', 'go', 'https://proxy.golang.org', 'e.org/m/v2', 'latest', ''],
  ['go:e.org/m@latest', 'go:e.org/m', 'e.org-m', 'go', 'https://proxy.golang.org', 'e.org/m', 'latest', ''],
  ['go:e.org/m@main', '', 'e.org-m-main', 'go', 'https://proxy.golang.org', 'e.org/m', 'main', ''],
  [
    'oci:debian/bookworm-slim',
    '',
    'debian-bookworm-slim',
    'oci',
    'https://registry-1.docker.io',
    'library/debian',
    'bookworm-slim',
    'linux/amd64',
    '',
  ],
  [
    'oci:debian:bookworm-slim',
    'oci:debian/bookworm-slim',
    'debian-bookworm-slim',
    'oci',
    'https://registry-1.docker.io',
    'library/debian',
    'bookworm-slim',
    'linux/amd64',
    '',
  ],
  [
    'oci:docker.io/library/debian/12',
    'oci:debian/12',
    'debian-12',
    'oci',
    'https://registry-1.docker.io',
    'library/debian',
    '12',
    'linux/amd64',
    '',
  ],
  ['oci:o/n/1', '', 'n-1', 'oci', 'https://registry-1.docker.io', 'o/n', '1', 'linux/amd64', ''],
  [
    `oci:debian@${digest}`,
    '',
    'debian',
    'oci',
    'https://registry-1.docker.io',
    'library/debian',
    digest,
    'linux/amd64',
    '',
  ],
  [
    `oci:debian:12@${digest}`,
    `oci:debian@${digest}`,
    'debian',
    'oci',
    'https://registry-1.docker.io',
    'library/debian',
    digest,
    'linux/amd64',
    '',
  ],
  [
    `oci:debian/${digest}`,
    `oci:debian@${digest}`,
    'debian',
    'oci',
    'https://registry-1.docker.io',
    'library/debian',
    digest,
    'linux/amd64',
    '',
  ],
  [
    'oci:ghcr.io/o/n/t?platform=linux/arm64',
    '',
    'n-t',
    'oci',
    'https://ghcr.io',
    'o/n',
    't',
    'linux/arm64',
    '',
  ],
  [
    'oci:localhost:5000/n:t',
    'oci:localhost:5000/n/t',
    'n-t',
    'oci',
    'https://localhost:5000',
    'n',
    't',
    'linux/amd64',
    '',
  ],
  [
    'oci:n/t?registry=http://localhost:5000',
    '',
    'n-t',
    'oci',
    'http://localhost:5000',
    'n',
    't',
    'linux/amd64',
    '',
  ],
];

for (const [text, written, name, ...args] of islands) {
  const key = written === '' ? text : written;
  test(`${text} is ${key}`, () => {
    const parsed = parseIsland(text);
    assert.ok(parsed.ok, parsed.ok ? '' : parsed.diagnostic.message);
    assert.equal(parsed.island.key, key);
    assert.equal(parsed.island.name, name);
    assert.deepEqual(parsed.island.source, { kind: 'fetched', arguments: args });
    assert.deepEqual(parseIsland(key), parsed);
  });
}

test('named options give the island that the text gives', () => {
  const pairs: readonly (readonly [string, IslandBody, string])[] = [
    ['forgejo', { host: 'git.e.org', owner: 'o', repository: 'r' }, 'forgejo:git.e.org/o/r'],
    ['gitlab', { owner: 'g/s', repository: 'p', ref: 'v1' }, 'gitlab:g/s/p?ref=v1'],
    [
      'gitlab',
      { host: 'e.org', owner: 'g', repository: 'p', submodules: true },
      'gitlab:g/p?host=e.org&submodules=true',
    ],
    ['sourcehut', { owner: '~u', repository: 'r' }, 'sourcehut:~u/r'],
    ['git', { url: 'https://e.org/a', submodules: true }, 'git:https://e.org/a?submodules=true'],
    [
      'npm',
      { name: '@s/n', version: '1.0.0', registry: 'https://e.org' },
      'npm:@s/n/1.0.0?registry=https://e.org',
    ],
    ['crates', { name: 'serde', version: '1.0.2' }, 'crates:serde/1.0.2'],
    ['pypi', { name: 'requests', version: '2.0' }, 'pypi:requests/2.0'],
    [
      'go',
      { module: 'e.org/m', version: 'v1.0.0', proxy: 'https://p.org' },
      'go:e.org/m/v1.0.0?proxy=https://p.org',
    ],
    ['oci', { registry: 'ghcr.io', repository: 'o/n', reference: 't' }, 'oci:ghcr.io/o/n/t'],
    [
      'oci',
      { repository: 'debian', reference: digest, platform: 'linux/arm/v7' },
      `oci:debian@${digest}?platform=linux/arm/v7`,
    ],
    ['oci', { repository: 'e.org/n', reference: 't' }, 'oci:docker.io/e.org/n/t'],
  ];
  for (const [type, options, text] of pairs) {
    const made = makeIsland(type, options, '');
    assert.ok(made.ok, made.ok ? '' : made.diagnostic.message);
    assert.deepEqual(made, parseIsland(text));
    assert.equal(made.island.key, text);
  }
});

/** Text, and what its diagnostic says. */
const mistakes: readonly (readonly [string, RegExp])[] = [
  ['github:o/r?rev=x', /there is no option 'rev=x'.*did you mean 'ref'/],
  ['github:o/r/v1?ref=v2', /names two refs, 'v1' and 'v2'/],
  ['github:o/r?ref=a&ref=b', /'ref' is given twice/],
  ['github:o/r?submodules=yes', /'submodules' has to be true or false/],
  ['github:o/r?ref=%', /there is no option 'ref=%'/],
  ['github:o/r?host=nowhere', /'nowhere' is not a host/],
  ['codeberg:o/r?host=e.org', /there is no option 'host=e.org'/],
  ['codeberg:o', /needs an owner and a repository, as in 'codeberg:forgejo\/forgejo'/],
  ['forgejo:o/r', /needs a host, an owner and a repository/],
  ['forgejo:o/r/main', /'o' is not a host/],
  ['forgejo:u:p@e.org/o/r', /'u:p@e.org' is not a host/],
  ['gitlab:p', /needs an owner and a repository/],
  ['gitlab:g//p', /'g\/\/p' has not the form/],
  ['gitlab:g/p/-/tree/v1', /'g\/p\/-\/tree\/v1' has not the form.*\[\?ref=REF\]/],
  ['sourcehut:u/r', /'u\/r' has not the form.*sourcehut:~OWNER/],
  ['git:https://e.org/a?rev=x', /did you mean 'ref'/],
  ['git:https://e.org/a?ref=x&y', /there is no option 'y'/],
  ['npm:', /needs a name/],
  ['npm:a b', /cannot be the name/],
  ['npm:@s', /'@s' cannot be the name of a name|cannot be the name/],
  ['npm:n/^1.0', /'\^1.0' is not a version.*ranges are not resolved/],
  ['npm:n/1.x/y', /is not a version/],
  ['npm:n?registry=e.org', /'e.org' is not the http or https address of a registry/],
  ['npm:n?registry=https://u:p@e.org', /user name or password.*\[credentials\]/],
  ['npm:n?registry=https://e.org/?a=b', /address of a registry/],
  ['crates:serde', /needs a name and a version, as in 'crates:serde\/1.0.2'/],
  ['crates:serde/1', /'1' is not a version/],
  ['crates:se.rde/1.0.0', /'se.rde' cannot be the name/],
  ['pypi:requests', /needs a name and a version/],
  ['pypi:requests/>=2', /is not a version/],
  ['pypi:-x/1', /'-x' cannot be the name/],
  ['go:e.org/m@', /'' is not a version/],
  ['go:', /needs a module, as in/],
  ['go:e.org/m/v1.2', /'v1.2' is not a version/],
  ['go:m/v1.0.0', /'m' cannot be the name of a module/],
  ['oci:debian', /needs a repository and a tag or digest/],
  ['oci:Debian/x', /'Debian' cannot be the name of a repository.*lower-case/],
  ['oci:debian@sha256:abc', /'sha256:abc' is neither a tag nor a digest/],
  ['oci:debian/x?platform=amd64', /'amd64' is not a platform.*OS\/ARCHITECTURE/],
  ['oci:u:p@e.org/n/t', /cannot be|neither/],
];

for (const [text, words] of mistakes) {
  test(`${text} is refused`, () => {
    const parsed = parseIsland(text);
    assert.ok(!parsed.ok, parsed.ok ? parsed.island.key : '');
    assert.equal(parsed.diagnostic.code, 'CAB3002');
    assert.match(`${parsed.diagnostic.message} ${parsed.diagnostic.hint}`, words);
  });
}

test('an option of another kind than its own, or with a sub-tree in it, is refused', () => {
  for (const [type, options, words] of [
    ['git', { url: 'https://e.org/a', submodules: 'true' }, /'submodules' has to be true or false/],
    ['npm', { name: true }, /'name' has to be a string/],
    ['oci', { repository: 'x', reference: 't', platform: false }, /'platform' has to be a string/],
    ['https', { url: 'https://e.org/a::/b' }, /holds '::\/'/],
  ] as const) {
    const made = makeIsland(type, options, '');
    assert.ok(!made.ok);
    assert.match(made.diagnostic.message, words);
  }
});

const words = constantFrom(
  ...'o r ~u @s v1.2.3 1.0.0 e.org localhost:5000 library debian latest HEAD https://e.org http://e.org/'.split(
    ' ',
  ),
  ...'docker.io linux/arm64 a&b a%25 % x.git . - ref=x submodules=true host=e.org platform=a/b'.split(' '),
  digest,
  '',
);
const joints = constantFrom('/', '/', '/', ':', '@', '?', '&', '.', '::/');
const texts = array(tuple(words, joints), { minLength: 1, maxLength: 6 }).map((parts) =>
  parts.flat().slice(0, -1).join(''),
);

/** A body that is well formed, with something put into it at some place, or not. */
function changedBodies(type: string): Arbitrary<string> {
  const good = islands.map(([text]) => text).filter((text) => text.startsWith(`${type}:`));
  const bodies = (good.length === 0 ? [`${type}://e.org/a`] : good).map((text) =>
    text.slice(type.length + 1),
  );
  return tuple(
    constantFrom(...bodies),
    nat(),
    constantFrom('', '', '/', '@', ':', '?', '&', '%', 'a', '.git'),
  ).map(([body, at, inserted]) => {
    const place = at % (body.length + 1);
    return body.slice(0, place) + inserted + body.slice(place);
  });
}

test('whatever is an island has a key that is this very island', (context) => {
  const seed = chooseSeed();
  context.diagnostic(`seed ${seed}`);
  for (const type of islandTypes.values()) {
    const options = record(
      Object.fromEntries(
        type.options.map((option) => [option, option === 'submodules' ? boolean() : oneof(words, texts)]),
      ),
      { requiredKeys: [] },
    );
    const bodies = oneof(changedBodies(type.name), texts, string(), options as Arbitrary<IslandBody>);
    let found = 0;
    assertProperty(
      property(bodies, constantFrom('', 'docs', '/a/b/'), (body, subtree) => {
        const made = makeIsland(type.name, body, subtree);
        if (!made.ok) return;
        found++;
        assert.deepEqual(parseIsland(made.island.key), made);
      }),
      { seed, numRuns: 2000 },
    );
    if (type.name !== 'cab')
      assert.ok(found > 100, `only ${found} islands of the type ${type.name} were met`);
  }
});

test('each type stands in the reference with its options, and in the table of the README', async () => {
  const root = new URL('../../', import.meta.url);
  const reference = await readFile(new URL('docs/reference/islands.md', root), 'utf8');
  const readme = await readFile(new URL('README.md', root), 'utf8');
  for (const { name, options } of islandTypes.values()) {
    const rows = reference.split('\n').filter((line) => line.includes(`\`${name}:`));
    assert.ok(rows.length > 0, `nothing on ${name}`);
    for (const option of options) {
      assert.ok(
        rows.some((row) => row.includes(`\`${option}\``)),
        `nothing on ${option} of ${name}`,
      );
    }
    if (name !== 'http') assert.ok(readme.includes(`<${name}:`), `<${name}:…> is not in the README`);
  }
});
