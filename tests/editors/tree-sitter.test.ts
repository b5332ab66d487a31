import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { globSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { makeTemporaryFolder, removeFolder } from '../../scripts/temporary-folder.ts';
import { isNode, type NodeKind, parse, type SyntaxNode } from '../../src/language/syntax/index.ts';
import { randomProgram } from '../language/formatter/programs.ts';
import { chooseSeed, fuzzFactor, randomFrom } from '../support/random.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const grammar = path.join(root, 'editors/tree-sitter-cab');
const folder = await makeTemporaryFolder();
after(() => removeFolder(folder));

/** Runs the tool in the grammar's folder; what it compiles is kept in a folder of this test. */
function treeSitter(...words: readonly string[]): string {
  const env = {
    ...process.env,
    HOME: folder,
    XDG_CACHE_HOME: folder,
    XDG_CONFIG_HOME: folder,
    NO_COLOR: '1',
  };
  const { status, stdout, stderr, error } = spawnSync('tree-sitter', words, {
    cwd: grammar,
    env,
    encoding: 'utf8',
    maxBuffer: 1 << 30,
  });
  assert.equal(
    status,
    0,
    `tree-sitter ${words.join(' ')}: ${error?.message ?? ''}\n${stderr}\n${stdout.slice(-4000)}`,
  );
  return stdout;
}

/** Kinds of nodes that both trees have under the same names, but for their hyphens. */
const kinds: ReadonlySet<string> = new Set<NodeKind>([
  'name',
  'integer',
  'float',
  'string',
  'quoted-identifier',
  'interpolation',
  'path',
  'island',
  'lambda',
  'parameter',
  'pattern',
  'let',
  'if',
  'apply',
  'pipe',
  'binary',
  'unary',
  'has-attribute',
  'select',
  'parenthesized',
  'list',
  'attributes',
  'binding',
  'key',
]);

/** The nodes of Cab's own tree, each as tree-sitter writes it: rows and columns from 0, columns in bytes. */
function ownNodes(text: string): readonly string[] {
  const { tree, diagnostics } = parse({ name: 'test', text });
  assert.equal(diagnostics.length, 0, text);
  const starts = [0, ...Array.from(text.matchAll(/\n/g), ({ index }) => index + 1)];
  const placeOf = (offset: number): string => {
    let row = starts.findLastIndex((start) => start <= offset);
    row = Math.max(row, 0);
    return `[${row}, ${Buffer.byteLength(text.slice(starts[row], offset))}]`;
  };
  const nodes: string[] = [];
  const visit = (node: SyntaxNode): void => {
    if (kinds.has(node.kind)) nodes.push(`${node.kind} ${placeOf(node.start)} - ${placeOf(node.end)}`);
    for (const child of node.children) if (isNode(child)) visit(child);
  };
  visit(tree);
  return nodes;
}

/** The same of one tree that tree-sitter has printed. */
function printedNodes(printed: string): readonly string[] {
  return Array.from(
    printed.matchAll(/\((\w+) (\[\d+, \d+\] - \[\d+, \d+\])/g),
    ([, kind = '', place = '']) => ({
      kind: kind.replaceAll('_', '-'),
      place,
    }),
  )
    .filter(({ kind }) => kinds.has(kind))
    .map(({ kind, place }) => `${kind} ${place}`);
}

/** Has all texts parsed in one run, and compares the trees. */
function checkTrees(texts: readonly string[]): void {
  const files = texts.map((text, index) => {
    const file = path.join(folder, `${index}.cab`);
    writeFileSync(file, text);
    return file;
  });
  const list = path.join(folder, 'files');
  writeFileSync(list, `${files.join('\n')}\n`);
  const trees = treeSitter('parse', '--paths', list)
    .split(/^(?=\(file )/m)
    .filter((tree) => tree.startsWith('('));
  assert.equal(trees.length, texts.length);
  for (const [index, text] of texts.entries())
    assert.deepEqual(printedNodes(trees[index] as string), ownNodes(text), text);
}

test('all valid files of the repository have the structure that Cab itself sees', () => {
  const files = globSync('{examples,library,tests}/**/*.cab', { cwd: root });
  const texts = files.map((file) => readFileSync(path.join(root, file), 'utf8'));
  const valid = texts.filter((text) => parse({ name: 'test', text }).diagnostics.length === 0);
  assert.ok(valid.length >= 4, `only ${valid.length} of ${files.length} files are valid`);
  checkTrees(valid);
});

test('and so has any program', (context) => {
  const seed = chooseSeed();
  context.diagnostic(`seed ${seed} (CAB_TEST_SEED)`);
  const random = randomFrom(seed);
  checkTrees(Array.from({ length: 150 * fuzzFactor() }, () => randomProgram(random)));
});

test('the tests of the grammar itself hold', () => void treeSitter('test'));

test('the queries fit the grammar', () => {
  const sample = path.join(root, 'tests/editors/samples/everything.cab');
  for (const query of ['highlights', 'locals', 'folds', 'indents'])
    assert.match(treeSitter('query', `queries/${query}.scm`, sample), /capture/, query);
});

test('what was generated is of this grammar', () => {
  const output = path.join(folder, 'generated');
  mkdirSync(output);
  treeSitter('generate', '--output', output);
  // The parser itself may differ with the version of the tool.
  for (const name of ['grammar.json', 'node-types.json'])
    assert.deepEqual(
      readJson(output, name),
      readJson(grammar, 'src', name),
      'run tree-sitter generate in editors/tree-sitter-cab',
    );
});

function readJson(...names: readonly string[]): unknown {
  return JSON.parse(readFileSync(path.join(...names), 'utf8'));
}
