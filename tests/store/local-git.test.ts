import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { lstatSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import type { StorePath } from '../../src/foundation/index.ts';
import type { Directory, Store } from '../../src/store/index.ts';
import { chooseSeed, fuzzFactor, randomFrom } from '../support/random.ts';
import { temporaryStore } from './temporary-store.ts';

/*
 * Random work trees with random patterns: what comes into the store is what git says is neither ignored nor gone. Repositories
 * within others are asked by themselves, since git does not look into them.
 */

const names = [
  'a',
  'b',
  'ab',
  'abc',
  'a.c',
  'b.c',
  'A',
  'a b',
  ' a',
  'b ',
  'ß',
  'aß',
  '#a',
  '!b',
  '[a]',
  'a\\b',
];

class Patterns {
  readonly #random: () => number;

  constructor(random: () => number) {
    this.#random = random;
  }

  pick<Item>(items: readonly Item[]): Item {
    return items[Math.floor(this.#random() * items.length)] as Item;
  }

  chance(probability: number): boolean {
    return this.#random() < probability;
  }

  file(): string {
    return Array.from({ length: 1 + Math.floor(this.#random() * 5) }, () => this.#line()).join(
      this.chance(0.1) ? '\r\n' : '\n',
    );
  }

  #line(): string {
    if (this.chance(0.05))
      return this.pick(['', '#comment', ' ', '!', '/', '\\', '[', '*/', '**', '**/', '/**', '***']);
    const segments = Array.from({ length: this.chance(0.6) ? 1 : 2 + Math.floor(this.#random() * 2) }, () =>
      this.#segment(),
    );
    const negation = this.chance(0.25) ? '!' : '';
    const start = this.chance(0.2) ? '/' : '';
    const end = this.chance(0.2) ? '/' : '';
    return negation + start + segments.join('/') + end + (this.chance(0.05) ? ' ' : '');
  }

  #segment(): string {
    if (this.chance(0.15)) return '**';
    let segment = '';
    const length = 1 + Math.floor(this.#random() * 3);
    for (let index = 0; index < length; index++) {
      segment += this.pick([
        () => this.pick(names).replace(/[\\[\]*?!#]|^ | $/g, '\\$&'),
        () => this.pick(['a', 'b', 'c', '.', 'ß']),
        () => '*',
        () => '?',
        () => this.pick(['**', '***', 'a**', '**b']),
        () =>
          this.pick([
            '[ab]',
            '[!a]',
            '[^b]',
            '[a-c]',
            '[]a]',
            '[a',
            '[[:alpha:]]',
            '[[:upper:]b]',
            '[[:no:]]',
            '[c-a]',
            '[\\]a]',
            '[a-]',
          ]),
        () => this.pick(['\\a', '\\*', '\\', '\\ ']),
      ])();
    }
    return segment;
  }
}

interface Repository {
  readonly top: string;
  readonly environment: Readonly<Record<string, string>>;
}

function git({ top, environment }: Repository, ...args: string[]): string {
  const identity = ['-c', 'user.name=test', '-c', 'user.email=test@example.org'];
  return execFileSync('git', [...identity, ...args], {
    cwd: top,
    encoding: 'utf8',
    env: { PATH: process.env['PATH'] ?? '', ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

/** The files in the work tree that are tracked, or neither tracked nor ignored, those of repositories within included. */
function listing(repository: Repository, prefix = ''): string[] {
  const listed = git(repository, 'ls-files', '--cached', '--others', '--exclude-standard', '-z').split('\0');
  return [...new Set(listed)].flatMap((name) => {
    if (name === '') return [];
    const file = path.join(repository.top, name);
    const status = lstatSync(file, { throwIfNoEntry: false });
    if (status === undefined) return [];
    if (!status.isDirectory()) return [prefix + name];
    return listing({ ...repository, top: file }, `${prefix}${name.replace(/\/$/, '')}/`);
  });
}

function entriesOf(store: Store, output: StorePath): string[] {
  const walk = (directory: Directory, prefix: string): string[] => [
    ...directory.files.map(({ name }) => prefix + name),
    ...directory.directories.flatMap(({ name, digest }) => walk(store.getTree(digest), `${prefix}${name}/`)),
  ];
  const record = store.get(output);
  assert.ok(record !== undefined);
  return walk(store.getTree(record.tree), '');
}

function fill(folder: string, patterns: Patterns, depth: number): void {
  for (const name of names) {
    if (!patterns.chance(0.45)) continue;
    const place = path.join(folder, name);
    if (depth > 0 && patterns.chance(0.4)) {
      mkdirSync(place);
      fill(place, patterns, depth - 1);
    } else {
      writeFileSync(place, name);
    }
  }
  if (patterns.chance(0.3)) writeFileSync(path.join(folder, '.gitignore'), patterns.file());
}

function foldersIn(repository: Repository): string[] {
  const found = execFileSync(
    'find',
    ['.', '-mindepth', '1', '-type', 'd', '-not', '-path', '*/.git*', '-print0'],
    {
      cwd: repository.top,
      encoding: 'utf8',
    },
  );
  return found.split('\0').filter((name) => name !== '');
}

/** Puts some files into the index, be they ignored or not, and takes some out again. */
function track(repository: Repository, patterns: Patterns, inner?: string): void {
  const files = execFileSync('find', ['.', '-type', 'f', '-not', '-path', '*/.git/*', '-print0'], {
    cwd: repository.top,
    encoding: 'utf8',
  });
  const chosen = files
    .split('\0')
    .filter((name) => name !== '' && !name.startsWith(`${inner}/`) && patterns.chance(0.15));
  if (chosen.length > 0) git(repository, '--literal-pathspecs', 'add', '--force', '--', ...chosen);
  const dropped = chosen.filter(() => patterns.chance(0.2));
  if (dropped.length > 0)
    git(repository, '--literal-pathspecs', 'rm', '--quiet', '--cached', '--force', '--', ...dropped);
}

/** A work tree with its home, in which the user's own patterns lie in one of the places that git knows. */
function makeWorkTree(folder: string, patterns: Patterns): Repository {
  const [top, home] = [path.join(folder, 'tree'), path.join(folder, 'home')];
  mkdirSync(top);
  mkdirSync(path.join(home, '.config', 'git'), { recursive: true });
  const repository = { top, environment: { HOME: home, GIT_CONFIG_NOSYSTEM: '1' } };
  git(repository, 'init', '--quiet');
  fill(top, patterns, 3);
  if (patterns.chance(0.5)) writeFileSync(path.join(top, '.git', 'info', 'exclude'), patterns.file());
  if (patterns.chance(0.3)) writeFileSync(path.join(home, '.config', 'git', 'ignore'), patterns.file());
  if (patterns.chance(0.3)) {
    writeFileSync(path.join(home, 'mine'), patterns.file());
    writeFileSync(path.join(home, '.gitconfig'), '[core] # mine\n\texcludesFile = "~/mine" ; here\n');
  }
  const inner = patterns.chance(0.5) ? makeInner(repository, patterns) : undefined;
  // Where git does not tell small letters from capitals, a file that is tracked stands for others too.
  if (patterns.chance(0.1)) git(repository, 'config', 'core.ignoreCase', 'true');
  else track(repository, patterns, inner);
  return repository;
}

/** Makes a folder in the work tree a repository of its own; some are tracked as submodules are. */
function makeInner(outer: Repository, patterns: Patterns): string | undefined {
  const folders = foldersIn(outer);
  if (folders.length === 0) return undefined;
  const name = patterns.pick(folders);
  const inner = { ...outer, top: path.join(outer.top, name) };
  git(inner, 'init', '--quiet');
  if (patterns.chance(0.5)) writeFileSync(path.join(inner.top, '.git', 'info', 'exclude'), patterns.file());
  track(inner, patterns);
  if (patterns.chance(0.5)) return name;
  git(inner, 'commit', '--quiet', '--allow-empty', '--message', 'inner');
  git(outer, '--literal-pathspecs', '-c', 'advice.addEmbeddedRepo=false', 'add', '--force', '--', name);
  return name;
}

const skip = ((): string | false => {
  try {
    execFileSync('git', ['--version'], { stdio: 'ignore' });
    return false;
  } catch {
    return 'there is no git on this machine';
  }
})();

test('what comes in of random work trees is what git does not ignore', { skip }, (context) => {
  const seed = chooseSeed();
  const rounds = 12 * fuzzFactor();
  context.diagnostic(`seed ${seed}, ${rounds} work trees`);
  let ignored = 0;
  for (let round = 0; round < rounds; round++) {
    using place = temporaryStore();
    const repository = makeWorkTree(place.work, new Patterns(randomFrom(seed + round)));
    const { top, environment } = repository;
    const expected = listing(repository).toSorted();
    const actual = entriesOf(place.store, place.store.addLocal(top, 'tree', { environment })).toSorted();
    assert.deepEqual(
      actual,
      expected,
      `CAB_TEST_SEED=${seed + round}${explain(repository, actual, expected)}`,
    );
    const all = place.store.addLocal(top, 'all', { environment, everything: true });
    ignored += entriesOf(place.store, all).length - actual.length;
  }
  assert.ok(ignored > rounds, 'hardly anything was ignored');
});

/** For each difference, which pattern git goes by. */
function explain(repository: Repository, actual: readonly string[], expected: readonly string[]): string {
  const differing = [
    ...actual.filter((name) => !expected.includes(name)),
    ...expected.filter((name) => !actual.includes(name)),
  ];
  return differing
    .slice(0, 5)
    .map((name) => {
      try {
        const why = git(repository, 'check-ignore', '--verbose', '--no-index', '--', name);
        return `\n${why}${JSON.stringify(readFileSync(path.join(repository.top, why.split(':')[0] ?? ''), 'utf8'))}`;
      } catch {
        return `\n${name}: git knows no pattern for it`;
      }
    })
    .join('');
}
