import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import test from 'node:test';
import { type CommandResult, cabCommand, startCommand, withCab } from '../support/index.ts';

interface ToldPlace {
  readonly file: string;
  readonly start: { readonly line: number; readonly column: number; readonly character: number };
}

interface Told {
  readonly type: string;
  readonly diagnostic?: {
    readonly code: string;
    readonly message: string;
    readonly primary?: ToldPlace;
    readonly hint?: string;
    readonly replacement?: ToldPlace & { readonly text: string };
  };
  readonly codes?: readonly string[];
  readonly leftOut?: number;
}

function linesOf({ stderr }: CommandResult): readonly Told[] {
  return stderr
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Told);
}

/** A file with as many mistakes as that, each in a line of its own. */
const mistakes = (count: number): string =>
  `[\n${Array.from({ length: count }, (_, index) => `  unknown${index},\n`).join('')}]\n`;

for (const command of ['eval', 'build'] as const) {
  test(`cab ${command} --json tells each diagnostic as a line of JSON`, async (context) => {
    const rig = await withCab(context);
    await rig.write({ 'default.cab': '{\n  default = lenght [ ],\n  other = "é😀" + nul,\n}\n' });
    const result = await rig.cab(command, '--json');
    assert.equal(result.code, 1);
    assert.equal(result.stdout, '');
    const [first, second, last, ...rest] = linesOf(result);
    assert.deepEqual(rest, []);
    assert.equal(first?.diagnostic?.code, 'CAB2001');
    assert.equal(first.diagnostic.hint, "did you mean 'length'?");
    assert.equal(first.diagnostic.replacement?.text, 'length');
    assert.deepEqual(first.diagnostic.primary?.start, { offset: 14, line: 2, column: 13, character: 12 });
    assert.deepEqual(first.diagnostic.replacement.start, first.diagnostic.primary.start);
    assert.deepEqual(second?.diagnostic?.primary?.start, { offset: 44, line: 3, column: 18, character: 18 });
    assert.deepEqual(last, { type: 'failure-told', codes: ['CAB2001'], leftOut: 0 });
  });
}

test('a command line that does not fit is told as JSON too, where a program reads', async (context) => {
  const rig = await withCab(context);
  const [told] = linesOf(await rig.cab('eval', '--json', '--expresion', '1'));
  assert.equal(told?.diagnostic?.code, 'CAB6001');
  assert.equal(told.diagnostic.hint, "did you mean '--expression'?");
});

test('--log-format says how, also beside --json', async (context) => {
  const rig = await withCab(context);
  const { stderr } = await rig.cab('eval', '--json', '--log-format=plain', '--expression', 'lenght');
  assert.match(stderr, /^error\[CAB2001\]: /);
});

test('of many errors the first are shown, and the number of the others', async (context) => {
  const rig = await withCab(context);
  await rig.write({ 'default.cab': mistakes(30) });
  const told = async (...words: string[]): Promise<readonly [number, string]> => {
    const { stderr } = await rig.cab('eval', ...words);
    return [stderr.match(/^error\[/gm)?.length ?? 0, stderr.trimEnd().split('\n').at(-1) ?? ''];
  };
  assert.deepEqual(await told(), [20, '10 more errors are not shown; --max-errors=0 shows all']);
  assert.deepEqual(await told('--max-errors=29'), [
    29,
    'one more error is not shown; --max-errors=0 shows all',
  ]);
  assert.equal((await told('--max-errors=0'))[0], 30);
  const { code, stderr } = await rig.cab('eval', '--max-errors=some');
  assert.equal(code, 2);
  assert.match(stderr, /--max-errors takes a number, and not 'some'/);
});

test('what is met on several ways is told once', async (context) => {
  const rig = await withCab(context);
  await rig.write({ 'default.cab': '{ a = lenght, b = 1, }\n' });
  const { stderr } = await rig.cab('build', '.#a', '.#b');
  assert.equal(stderr.match(/^error\[/gm)?.length, 1, stderr);
});

test('colours are as the environment asks for them', async (context) => {
  const rig = await withCab(context);
  const isColoured = async (environment: Record<string, string>): Promise<boolean> => {
    Object.assign(rig.environment, environment);
    const { stderr } = await rig.cab('eval', '--expression', 'lenght');
    for (const name of Object.keys(environment)) delete rig.environment[name];
    return stderr.includes('\u001b[1;31merror');
  };
  assert.equal(await isColoured({}), false);
  assert.equal(await isColoured({ FORCE_COLOR: '1' }), true);
  assert.equal(await isColoured({ FORCE_COLOR: '1', NO_COLOR: '1' }), false);
});

test('a terminal gets colours, and where more is said; a dumb one gets no colours', async (context) => {
  const rig = await withCab(context);
  if (!hasScript()) return context.skip('there is no script of util-linux to make a terminal with');
  const onTerminal = async (term: string): Promise<string> => {
    const environment = { PATH: process.env['PATH'] ?? '', HOME: rig.home, CAB_STORE: rig.store, TERM: term };
    const words = ['-qec', `'${cabCommand}' eval --expression lenght`, '/dev/null'];
    return (await startCommand('script', words, { folder: rig.project, environment }).ended).stdout;
  };
  const told = await onTerminal('xterm-256color');
  assert.match(told, /\u001b\[1;31merror\[CAB2001\]/);
  assert.match(told, /\u001b\[2mfor more: cab explain CAB2001\u001b\[0m/);
  const dumb = await onTerminal('dumb');
  assert.match(dumb, /error\[CAB2001\]/);
  assert.ok(!dumb.includes('\u001b'), dumb);
});

function hasScript(): boolean {
  const { stdout } = spawnSync('script', ['--version'], { encoding: 'utf8' });
  return stdout?.includes('util-linux') ?? false;
}

test('cab explain says more of a code, however it is written', async (context) => {
  const rig = await withCab(context);
  const { stdout } = await rig.succeed('explain', 'CAB2005');
  assert.match(stdout, /^CAB2005: an attribute that does not exist\n\n/);
  assert.match(stdout, /\nWrong:\n\n {4}\{ source = 1, \}\.sorce\n\nRight:\n\n/);
  assert.equal((await rig.succeed('explain', '2005')).stdout, stdout);
  assert.equal((await rig.succeed('explain', 'cab2005')).stdout, stdout);
  const [told] = (await rig.succeed('explain', '--json', '2005')).json() as readonly object[];
  assert.deepEqual(Object.keys(told ?? {}), ['code', 'title', 'text', 'wrong', 'right']);
});

test('cab explain lists all codes, and knows none that there is not', async (context) => {
  const rig = await withCab(context);
  const { stdout } = await rig.succeed('explain');
  assert.match(stdout, /^ {2}CAB1001 {2}a character that the language does not have$/m);
  assert.match(stdout, /^ {2}CAB9001 {2}/m);
  const { code, stderr } = await rig.cab('explain', 'CAB205');
  assert.equal(code, 2);
  assert.match(stderr, /there is no code 'CAB205'\n {2}= hint: did you mean 'CAB2005'\?/);
});
