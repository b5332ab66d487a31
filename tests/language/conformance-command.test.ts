import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { cp, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { type TestContext, test } from 'node:test';
import { cabCommand, makeTemporaryFolder, removeFolder, startCommand } from '../support/index.ts';
import { type Case, chaptersOf, expectationFile, suiteFolder } from './conformance-runner/cases.ts';

const cases = [...chaptersOf(suiteFolder).values()].flat();

/** How many of the programs with an error are run, each by a command of its own. */
const errorSample = 8;

/** The chapters whose programs name files from the root of their tree. */
const treeChapters = new Set(['imports', 'paths']);

/**
 * A program that imports each of the cases and compares it with what is expected, which is written in the language. It leaves
 * out what equals nothing, and what has another tree around it here: there are paths in it.
 */
function comparison(compared: readonly Case[]): string {
  const bindings = compared.map((each) => {
    const { chapter, name, folder, file } = each;
    const expected = readFileSync(expectationFile(each, '.value'), 'utf8');
    const program = path.relative(suiteFolder, path.join(folder, file));
    return `  \`${chapter}/${name}\` = import ./${program} == ${expected.trimEnd()},\n`;
  });
  return `attributeNames (filterAttributes (name => isEqual => !isEqual) {\n${bindings.join('')}})\n`;
}

function isComparable(each: Case): boolean {
  const file = expectationFile(each, '.value');
  if (treeChapters.has(each.chapter)) return false;
  if (!existsSync(file) || /[«<]|\.\//.test(readFileSync(file, 'utf8'))) return false;
  return !/[ (]\/[a-z]/.test(readFileSync(path.join(each.folder, each.file), 'utf8'));
}

/** The suite in a folder of its own, with a store that is not there yet. */
async function copySuite(test: TestContext): Promise<(...args: string[]) => ReturnType<typeof run>> {
  const folder = await makeTemporaryFolder();
  test.after(() => removeFolder(folder));
  const project = path.join(folder, 'suite');
  await cp(suiteFolder, project, { recursive: true });
  await writeFile(path.join(project, 'all.cab'), comparison(cases.filter(isComparable)));
  return (...args) => run(folder, project, args);
}

function run(folder: string, project: string, args: readonly string[]) {
  const environment = {
    PATH: process.env['PATH'] ?? '',
    HOME: path.join(folder, 'home'),
    CAB_STORE: path.join(folder, 'store'),
    CAB_CONFIG: path.join(folder, 'cab.toml'),
  };
  return startCommand(cabCommand, args, { folder: project, environment }).ended;
}

test('the command comes to the values of the suite, with its own world, store and stack', async (context) => {
  const cab = await copySuite(context);
  const compared = cases.filter(isComparable);
  assert.ok(compared.length >= 400, `only ${compared.length} cases are compared`);
  assert.ok(compared.some(({ chapter }) => chapter === 'deep-recursion'));
  const result = await cab('eval', '--json', '--expression', 'import ./all.cab');
  assert.equal(result.code, 0, result.stderr);
  assert.deepEqual(result.json(), []);
});

test('the command tells the errors of the suite at their places', async (context) => {
  const cab = await copySuite(context);
  const failing = cases.filter((each) => existsSync(expectationFile(each, '.error')));
  const every = Math.floor(failing.length / errorSample);
  for (const each of failing.filter((_, index) => index % every === 0)) {
    const program = path.relative(suiteFolder, path.join(each.folder, each.file));
    const result = await cab('eval', '--json', '--expression', `import ./${program} |> (x => forceDeep x x)`);
    const expected = readFileSync(expectationFile(each, '.error'), 'utf8');
    assert.equal(result.code, 1, program);
    assert.deepEqual(toldIn(result.stderr, path.basename(program)), expected.trimEnd().split('\n'), program);
  }
});

interface Told {
  readonly type: string;
  readonly diagnostic?: {
    readonly code: string;
    readonly primary?: {
      readonly file: string;
      readonly start: { readonly line: number; readonly column: number };
    };
  };
}

/** The errors among the lines of JSON, as the suite writes them. */
function toldIn(output: string, program: string): readonly string[] {
  return output
    .split('\n')
    .filter((line) => line !== '')
    .flatMap((line) => (JSON.parse(line) as Told).diagnostic ?? [])
    .map(({ code, primary }) => {
      if (primary === undefined || code === 'CAB2002') return code;
      const { file, start } = primary;
      const other = path.basename(file) === program ? '' : `${path.basename(file)}:`;
      return `${code} ${other}${start.line}:${start.column}`;
    });
}
