import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../', import.meta.url));
const page = readFileSync(`${root}docs/dependencies.md`, 'utf8');

/** The packages that the tables of a text name in their first column. */
function namedIn(text: string): ReadonlySet<string> {
  const cells = text.split('\n').flatMap((line) => /^\| (`.*?) +\|/.exec(line)?.[1] ?? []);
  return new Set(cells.flatMap((cell) => Array.from(cell.matchAll(/`([^`]+)`/g), ([, name = '']) => name)));
}

function packagesOf(file: string): ReadonlySet<string> {
  const { dependencies, optionalDependencies, devDependencies } = JSON.parse(
    readFileSync(`${root}${file}`, 'utf8'),
  ) as Record<string, Readonly<Record<string, string>> | undefined>;
  return new Set(Object.keys({ ...dependencies, ...optionalDependencies, ...devDependencies }));
}

const [own = '', extension = ''] = page.split('## What the extension of VS Code');

test('each dependency has its reason, and none is told of that is not there', () => {
  assert.deepEqual([...namedIn(own)].toSorted(), [...packagesOf('package.json')].toSorted());
  assert.deepEqual(
    [...namedIn(extension)].toSorted(),
    [...packagesOf('editors/vscode/package.json')].toSorted(),
  );
});
