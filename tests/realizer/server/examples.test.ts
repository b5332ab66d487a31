import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { parseCommandLine } from '../../../src/cli/command-line.ts';
import { commands } from '../../../src/cli/commands/index.ts';
import { clientSettings, readServerConfiguration, serverSchema } from '../../../src/realizer/server/index.ts';

function place(name: string): string {
  return fileURLToPath(new URL(`../../../${name}`, import.meta.url));
}

const configurationFile = place('examples/realizer/realizer.toml');

/** The settings of a unit, by section; a name may be there several times. */
function readUnit(text: string): ReadonlyMap<string, ReadonlyMap<string, readonly string[]>> {
  const sections = new Map<string, Map<string, string[]>>();
  let section: Map<string, string[]> | undefined;
  for (const [index, line] of text.split('\n').entries()) {
    if (line === '' || line.startsWith('#')) continue;
    const [, title] = /^\[([A-Z][A-Za-z]+)\]$/.exec(line) ?? [];
    if (title !== undefined) {
      assert.ok(!sections.has(title), `[${title}] is there twice`);
      sections.set(title, (section = new Map()));
      continue;
    }
    const [, name, value] = /^([A-Z][A-Za-z]+)=(\S.*)$/.exec(line) ?? [];
    assert.ok(
      section !== undefined && name !== undefined && value !== undefined,
      `line ${index + 1}: ${line}`,
    );
    section.set(name, [...(section.get(name) ?? []), value]);
  }
  return sections;
}

test('the example of a configuration can be used', () => {
  const warnings: string[] = [];
  const configuration = readServerConfiguration({
    file: configurationFile,
    extraAuthorities: undefined,
    warn: ({ code }) => warnings.push(code),
  });
  assert.deepEqual(warnings, []);
  assert.deepEqual(
    configuration.clients.map(({ name }) => name),
    ['ci', 'reader'],
  );
  assert.equal(configuration.anonymous, undefined);
});

test('the unit for systemd starts a command that there is, and waits for its drain', () => {
  const unit = readUnit(readFileSync(place('examples/realizer/cab-realizer.service'), 'utf8'));
  assert.deepEqual([...unit.keys()], ['Unit', 'Service', 'Install']);
  const service = unit.get('Service');
  const setting = (name: string): string => {
    const values = service?.get(name) ?? [];
    assert.equal(values.length, 1, name);
    return values[0] as string;
  };
  const [program, ...words] = setting('ExecStart').split(' ');
  assert.equal(program, '/usr/local/bin/cab');
  const { command, values } = parseCommandLine(commands, words);
  assert.equal(command.name, 'realizer serve');
  assert.equal(values['config'], '/etc/cab/realizer.toml');
  assert.equal(setting('ExecReload'), '/bin/kill -HUP $MAINPID');
  assert.equal(setting('KillSignal'), 'SIGTERM');
  // What runs are processes of the same unit: they are not to be told to end before their server is.
  assert.equal(setting('KillMode'), 'mixed');
  const { limits, store, listen } = readServerConfiguration({
    file: configurationFile,
    extraAuthorities: undefined,
    warn: () => {},
  });
  assert.ok(Number(setting('TimeoutStopSec')) * 1000 > limits.drainMs);
  assert.ok(store.folder?.startsWith(`/var/lib/${setting('StateDirectory')}/`));
  const sockets = listen.flatMap((address) => (address.kind === 'unix' ? [address.path] : []));
  assert.ok(sockets.every((socket) => socket.startsWith(`/run/${setting('RuntimeDirectory')}/`)));
});

test('the reference tells of every setting', () => {
  const pages = ['docs/reference/serving.md', 'docs/reference/realizer-security.md'];
  const reference = pages.map((page) => readFileSync(place(page), 'utf8')).join('\n');
  const { settings, tables } = serverSchema;
  const named = Object.entries(tables).flatMap(([table, known]) =>
    known === 'any' ? [] : known.map((name) => [table, name]),
  );
  for (const name of [...settings, ...clientSettings, ...named.map(([, name]) => name as string)]) {
    assert.match(
      reference,
      new RegExp(`\`(?:\\[[a-zA-Z.]+\\] )?${name}\``),
      `${pages.join(' and ')} lack '${name}'`,
    );
  }
  for (const table of Object.keys(tables)) assert.ok(reference.includes(`[${table}`), `[${table}]`);
});
