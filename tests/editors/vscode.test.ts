import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { homedir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { startOptions } from '../../editors/vscode/source/start-options.ts';

const folder = fileURLToPath(new URL('../../editors/vscode', import.meta.url));

interface Manifest {
  readonly main: string;
  readonly version: string;
  readonly engines: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
  readonly contributes: {
    readonly languages: readonly {
      readonly id: string;
      readonly extensions: readonly string[];
      readonly configuration: string;
    }[];
    readonly grammars: readonly {
      readonly language: string;
      readonly scopeName: string;
      readonly path: string;
    }[];
    readonly commands: readonly { readonly command: string }[];
    readonly configuration: { readonly properties: Readonly<Record<string, { readonly default: unknown }>> };
  };
}

interface LanguageConfiguration {
  readonly comments: { readonly lineComment: string; readonly blockComment: readonly [string, string] };
  readonly wordPattern: string;
  readonly indentationRules: Readonly<Record<'increaseIndentPattern' | 'decreaseIndentPattern', string>>;
  readonly onEnterRules: readonly { readonly beforeText: string; readonly afterText: string }[];
}

function readJson(...names: readonly string[]): unknown {
  return JSON.parse(readFileSync(path.join(folder, ...names), 'utf8'));
}

const manifest = readJson('package.json') as Manifest;
const { contributes } = manifest;
const source = readFileSync(path.join(folder, 'source/extension.ts'), 'utf8');

test('what the extension declares is there', () => {
  const [language] = contributes.languages;
  const [grammar] = contributes.grammars;
  assert.ok(language !== undefined && grammar !== undefined);
  assert.deepEqual(language.extensions, ['.cab']);
  assert.equal(grammar.language, language.id);
  const shared = readJson('../textmate/cab.tmLanguage.json') as { readonly scopeName: string };
  assert.equal(grammar.scopeName, shared.scopeName);
  assert.ok(existsSync(path.join(folder, language.configuration)));
  assert.match(source, new RegExp(`language: '${language.id}'`));
  for (const { command } of contributes.commands) assert.ok(source.includes(`'${command}'`), command);
  const settings = Object.keys(contributes.configuration.properties);
  assert.deepEqual(settings, ['cab.path', 'cab.trace.server']);
  assert.equal(contributes.configuration.properties['cab.path']?.default, 'cab');
  // The client reads this setting by the first of its own names.
  assert.match(source, /new LanguageClient\('cab'/);
});

test('it has the version of the command, and is checked against the oldest editor that it says it works in', () => {
  const command = readJson('../../package.json') as { readonly version: string };
  assert.equal(manifest.version, command.version);
  assert.equal(manifest.engines['vscode'], `^${manifest.devDependencies['@types/vscode']}`);
});

test('its package has only what it needs', () => {
  const lines = readFileSync(path.join(folder, '.vscodeignore'), 'utf8').trim().split('\n');
  const needed = [
    'package.json',
    'README.md',
    manifest.main,
    contributes.grammars[0]?.path,
    contributes.languages[0]?.configuration,
  ];
  assert.equal(lines[0], '**');
  const kept = new Set(lines.slice(1).map((line) => line.replace('!', '')));
  assert.deepEqual(kept, new Set(needed.map((name) => name?.replace('./', ''))));
});

const configuration = readJson('language-configuration.json') as LanguageConfiguration;

test('a word is what the language takes for a name', () => {
  const words = "a-b - c' + été.x_1->y".match(new RegExp(configuration.wordPattern, 'gu'));
  assert.deepEqual(words, ['a-b', "c'", 'été', 'x_1', 'y']);
});

test('a line is indented further where something is open, and less where it is closed', () => {
  const { increaseIndentPattern, decreaseIndentPattern } = configuration.indentationRules;
  const increases = (line: string) => new RegExp(increaseIndentPattern).test(line);
  const decreases = (line: string) => new RegExp(decreaseIndentPattern).test(line);
  for (const line of ['{', 'a = [ # why', 'x => let', 'if a then', '} else {', 'f (', 'a =', 'a => b =>'])
    assert.ok(increases(line), line);
  for (const line of ['a = 1,', '# a {', '[ 1, ]', 'outlet', 'a ==', 'a <='])
    assert.ok(!increases(line), line);
  for (const line of ['}', '  ],', ') x', 'in a', 'else', '} else {']) assert.ok(decreases(line), line);
  for (const line of ['index = 1', 'elsewhere', 'a }']) assert.ok(!decreases(line), line);
});

function started(setting: string, open?: string): string {
  return startOptions(setting, open).command;
}

test('the server is the command that the setting names', () => {
  assert.deepEqual(startOptions('cab', '/home/a'), {
    command: 'cab',
    args: ['lsp', '--stdio'],
    options: { cwd: '/home/a' },
  });
  assert.deepEqual(startOptions(undefined, undefined), {
    command: 'cab',
    args: ['lsp', '--stdio'],
    options: {},
  });
  assert.equal(started(' ', '/a'), 'cab');
  assert.equal(started('/opt/cab/bin/cab', '/a'), '/opt/cab/bin/cab');
  assert.equal(started('~/bin/cab'), `${homedir()}/bin/cab`);
  assert.equal(started('${workspaceFolder}/bin/cab', '/a/$&'), '/a/$&/bin/cab');
  assert.equal(started('./bin/cab', '/a'), '/a/bin/cab');
});

test('the bundle is built, and asks only the editor and Node for more', (context) => {
  // What npm writes last.
  if (!existsSync(path.join(folder, 'node_modules/.package-lock.json')))
    return context.skip('its dependencies are not installed: npm ci --prefix editors/vscode');
  const { status, stderr } = spawnSync(process.execPath, [path.join(folder, 'build.mjs')], {
    encoding: 'utf8',
  });
  assert.equal(status, 0, stderr);
  const bundle = readFileSync(path.join(folder, manifest.main), 'utf8');
  const asked = new Set([...bundle.matchAll(/\brequire\("([^"]+)"\)/g)].map(([, name]) => name as string));
  assert.ok(asked.delete('vscode'));
  for (const name of asked) assert.ok(isBuiltin(name), name);
  assert.ok(existsSync(path.join(folder, contributes.grammars[0]?.path ?? 'nowhere')));
});
