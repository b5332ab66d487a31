import assert from 'node:assert/strict';
import { mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import test, { type TestContext } from 'node:test';
import { type Terminal, keys, withCab } from '../support/index.ts';

const prompt = 'cab> ';

async function withRepl(context: TestContext, ...args: readonly string[]) {
  const rig = await withCab(context);
  const terminal = rig.terminal('repl', ...args);
  await terminal.shows(prompt);
  return { rig, terminal };
}

/** Types a line, and answers what is shown up to the next prompt. */
async function enter(terminal: Terminal, line: string): Promise<string> {
  terminal.type(`${line}${keys.enter}`);
  await terminal.shows('\n');
  const shown = await terminal.shows(prompt);
  return shown.slice(0, -prompt.length).replaceAll('\r', '');
}

/** Something that keeps evaluation busy for longer than any test takes, and can be seen to have begun. */
const busy = 'trace "begun" (foldLeft (a => b => foldLeft (c => d => c + d) 0 many) 0 many)';
const many = 'many = generateList (n => n) 1000000';

test('a user types, is answered in colours and leaves with Ctrl-D', async (context) => {
  const { terminal } = await withRepl(context);
  assert.equal(await enter(terminal, '[1, "two"]'), '[ 1, "two", ]\n');
  assert.match(terminal.raw, /\u001b\[33m1\u001b\[0m/);
  assert.match(await enter(terminal, 'nowhere'), /error\[CAB2001\][^]*<repl:2>:1:1/);
  terminal.type(keys.controlD);
  assert.equal(await terminal.ended, 0);
});

test('NO_COLOR is honoured', async (context) => {
  const rig = await withCab(context);
  rig.environment['NO_COLOR'] = '1';
  const terminal = rig.terminal('repl');
  await terminal.shows(prompt);
  await enter(terminal, '[1, "two"]');
  assert.doesNotMatch(terminal.raw, /\u001b\[3\dm/);
});

test('a statement of several lines has another prompt, and Ctrl-C forgets it', async (context) => {
  const { terminal } = await withRepl(context);
  terminal.type(`x = [${keys.enter}`);
  await terminal.shows('\n| ');
  assert.equal(await enter(terminal, '1]'), '');
  terminal.type(`y = [${keys.enter}`);
  await terminal.shows('\n| ');
  terminal.type(`2,${keys.controlC}`);
  await terminal.shows(prompt);
  assert.equal(await enter(terminal, 'x'), '[ 1, ]\n');
  assert.match(await enter(terminal, 'y'), /CAB2001/);
});

test('several lines are pasted, tabs and all, and each is answered in its place', async (context) => {
  const { terminal } = await withRepl(context);
  terminal.type('\u001b[200~a = {\r\tb = 1,\r}\ra.b + 1\ra.b + 2\r\u001b[201~');
  assert.match(await terminal.shows(/\n2\r?\n/), /a\.b \+ 1/);
  assert.match(await terminal.shows(/\n3\r?\n/), /a\.b \+ 2/);
});

test('Ctrl-C ends an evaluation that is busy, and the names stay', async (context) => {
  const { terminal } = await withRepl(context);
  await enter(terminal, 'kept = 40 + 1');
  await enter(terminal, many);
  await enter(terminal, 'kept + 1');
  terminal.type(`${busy}${keys.enter}`);
  await terminal.shows('trace    begun');
  terminal.type(keys.controlC);
  await terminal.shows('interrupted; the names are as they were');
  await terminal.shows(prompt);
  assert.equal(await enter(terminal, '[kept, it]'), '[ 41, 42, ]\n');
});

test('Ctrl-C ends a fetch that hangs, and what comes next works', async (context) => {
  const { rig, terminal } = await withRepl(context);
  const repository = await rig.repository('o/r');
  await repository.write({ 'README.md': 'read me' }).commit();
  const hang = rig.server.fault({ kind: 'hang', times: 1 });
  terminal.type(`readFile <github:o/r>/README.md${keys.enter}`);
  await hang.waitForStrike();
  terminal.type(keys.controlC);
  await terminal.shows('interrupted');
  await terminal.shows(prompt);
  assert.match(await enter(terminal, 'readFile <github:o/r>/README.md'), /"read me"\n$/);
});

test('an island stays at what it was pinned to, also after an interruption and a reload', async (context) => {
  const { rig, terminal } = await withRepl(context);
  const repository = await rig.repository('o/r');
  await repository.write({ version: 'first' }).commit();
  const reading = 'readFile <github:o/r>/version';
  assert.match(await enter(terminal, reading), /"first"\n$/);
  await repository.write({ version: 'second' }).commit();
  await enter(terminal, many);
  terminal.type(`${busy}${keys.enter}`);
  await terminal.shows('trace    begun');
  terminal.type(keys.controlC);
  await terminal.shows(prompt);
  assert.equal(await enter(terminal, reading), '"first"\n');
  await enter(terminal, ':reload');
  assert.equal(await enter(terminal, reading), '"first"\n');
});

test('an evaluation that needs more memory than there is ends, and the session goes on', async (context) => {
  const rig = await withCab(context);
  rig.environment['NODE_OPTIONS'] = '--max-old-space-size=64';
  const terminal = rig.terminal('repl');
  await terminal.shows(prompt);
  await enter(terminal, 'kept = "kept"');
  const doubling = 'foldLeft (list => n => list ++ list) [1] (generateList (n => n) 60)';
  terminal.type(`length (${doubling})${keys.enter}`);
  await terminal.shows(/the evaluation has ended \(SIG[A-Z]+\)/);
  await terminal.shows(prompt);
  assert.equal(await enter(terminal, 'kept'), '"kept"\n');
});

test('who kills the process at the terminal ends the evaluation too', async (context) => {
  const { terminal } = await withRepl(context);
  await enter(terminal, many);
  terminal.type(`${busy}${keys.enter}`);
  await terminal.shows('trace    begun');
  const [front = 0] = await childrenOf(terminal.pid);
  const evaluators = await childrenOf(front);
  assert.equal(evaluators.length, 1);
  process.kill(front, 'SIGKILL');
  while (existsSync(`/proc/${evaluators[0]}`)) await delay(50);
});

/** The processes that a process has started, as Linux tells them. */
async function childrenOf(pid: number): Promise<readonly number[]> {
  const text = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8');
  return text
    .split(' ')
    .filter((word) => word !== '')
    .map(Number);
}

test('the tab key completes names, attributes, commands, files and types of islands', async (context) => {
  const rig = await withCab(context);
  await rig.write({ 'settings.cab': '{ }', 'folder/inner.cab': '1' });
  const terminal = rig.terminal('repl');
  await terminal.shows(prompt);
  await enter(terminal, 'project = { alpha = { beta = 1, }, `with space` = 2, fault = throw "no" }');
  for (const [typed, completed] of [
    ['genericCl', 'genericClosure'],
    ['proj', 'project'],
    ['project.al', 'project.alpha'],
    ['project.alpha.', 'project.alpha.beta'],
    ['(import ./settings.cab // { gamma = 1 }).g', '.gamma'],
    ['project.`wi', 'project.`with space`'],
    [':relo', ':reload '],
    [':load sett', 'settings.cab'],
    ['import ./fol', './folder/'],
    ['<codeb', '<codeberg:'],
  ] as const) {
    terminal.type(`${typed}${keys.tab}`);
    await terminal.shows(completed);
    terminal.type(keys.controlC);
    await terminal.shows(prompt);
  }
});

test('completion fetches nothing, and keeps quiet about errors', async (context) => {
  const { rig, terminal } = await withRepl(context);
  await rig.repository('o/r');
  await enter(terminal, 'remote = import <github:o/r>');
  await enter(terminal, 'faulty = throw "no"');
  for (const typed of ['remote.', 'faulty.', '"in a string gener', '# a comment gener']) {
    terminal.type(`${typed}${keys.tab}${keys.tab}`);
    await terminal.shows(typed);
    terminal.type(keys.controlC);
    assert.equal((await terminal.shows(prompt)).replace(/\^C|\s/g, ''), prompt.trim());
  }
  assert.equal(rig.server.requests.length, 0);
});

test('Ctrl-C ends a completion that has to evaluate for long', async (context) => {
  const { terminal } = await withRepl(context);
  await enter(terminal, many);
  await enter(terminal, `slow = ${busy}`);
  terminal.type(`slow.${keys.tab}`);
  await terminal.shows('trace    begun');
  terminal.type(keys.controlC);
  terminal.type(`a${keys.controlC}`);
  await terminal.shows(prompt);
  assert.equal(await enter(terminal, 'length many'), '1000000\n');
});

test('what was typed is remembered by the next session, and found by Ctrl-R', async (context) => {
  const { rig, terminal } = await withRepl(context);
  await enter(terminal, '"first" + "line"');
  terminal.type(`{${keys.enter}`);
  await terminal.shows('| ');
  await enter(terminal, 'two = "lines", }');
  await enter(terminal, '3 + 3');
  terminal.type(keys.controlD);
  await terminal.ended;

  const next = rig.terminal('repl');
  await next.shows(prompt);
  next.type(keys.up);
  await next.shows('3 + 3');
  next.type(keys.up);
  await next.shows(/\{\r?\n\| two = "lines", \}/);
  next.type(keys.enter);
  await next.shows('{ two = "lines", }');
  await next.shows(prompt);
  next.type(`irst${keys.controlR}`);
  await next.shows('"first" + "line"');
  next.type(keys.enter);
  await next.shows('"firstline"');
});

test('sessions side by side do not lose what is typed in another', async (context) => {
  const { rig, terminal } = await withRepl(context);
  const other = rig.terminal('repl');
  await other.shows(prompt);
  await enter(terminal, '"from one"');
  await enter(other, '"from two"');
  await enter(terminal, '"from one again"');
  const history = await readFile(historyFile(rig.home), 'utf8');
  assert.equal(history, '"from one"\n"from two"\n"from one again"\n');
});

test('the history is bounded, and only its owner reads it', async (context) => {
  const rig = await withCab(context);
  const file = historyFile(rig.home);
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(file, Array.from({ length: 5000 }, (_, line) => `${line}\n`).join(''));
  const terminal = rig.terminal('repl');
  await terminal.shows(prompt);
  await enter(terminal, '"new"');
  assert.equal((await stat(file)).mode & 0o777, 0o600);
  const lines = (await readFile(file, 'utf8')).trimEnd().split('\n');
  assert.equal(lines.length, 2001);
  assert.equal(lines[0], '3000');
  assert.equal(lines.at(-1), '"new"');
});

test(':reload reads changed files anew, and keeps what was bound where they cannot be read', async (context) => {
  const { rig, terminal } = await withRepl(context);
  await rig.write({ 'x.cab': '{ a = 1, }' });
  await enter(terminal, ':load x.cab');
  await enter(terminal, 'b = a + 1');
  assert.equal(await enter(terminal, 'b'), '2\n');
  await rig.write({ 'x.cab': '{ a = 10, }' });
  assert.equal(await enter(terminal, 'b'), '2\n');
  assert.equal(await enter(terminal, ':reload'), '');
  assert.equal(await enter(terminal, 'b'), '11\n');
  await rig.write({ 'x.cab': '{ a = ' });
  assert.match(await enter(terminal, ':reload'), /CAB1101/);
  assert.equal(await enter(terminal, 'b'), '11\n');
});

test('an installable of the command line is loaded before the first prompt', async (context) => {
  const rig = await withCab(context);
  await rig.write({ 'default.cab': '{ answer = 42, }' });
  const terminal = rig.terminal('repl', '.');
  assert.match(await terminal.shows(prompt), /1 name from \./);
  assert.equal(await enter(terminal, 'answer'), '42\n');
  terminal.type(`:quit${keys.enter}`);
  assert.equal(await terminal.ended, 0);
});

function historyFile(home: string): string {
  return path.join(home, '.local', 'state', 'cab', 'repl-history');
}
