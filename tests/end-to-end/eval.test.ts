import assert from 'node:assert/strict';
import test from 'node:test';
import { withCab, type CabRig } from '../support/index.ts';

async function printed(rig: CabRig, ...args: readonly string[]): Promise<string> {
  return (await rig.succeed('eval', ...args)).stdout;
}

async function refused(rig: CabRig, ...args: readonly string[]): Promise<string> {
  const result = await rig.cab('eval', ...args);
  assert.equal(result.code, 1, result.stderr);
  assert.equal(result.stdout, '');
  return result.stderr;
}

const project = `{ mark = "!", } => {
  name = "a \\"name\\"\\n",
  greeting = "hello\\(mark)",
  nested = { list = [{ a = 1, }, 2], deep = { deeper = { deepest = throw "not needed", }, }, },
}
`;

test('a file, a folder and an attribute are evaluated, and arguments reach the entry', async (context) => {
  const rig = await withCab(context);
  await rig.write({ 'default.cab': project, 'other.cab': '{ a = 1 + 1, }' });
  assert.equal(await printed(rig, '.#greeting'), '"hello!"\n');
  assert.equal(await printed(rig, '#greeting', '--argument', 'mark=?'), '"hello?"\n');
  assert.equal(await printed(rig, 'other.cab'), '{ a = 2, }\n');
  assert.equal(await printed(rig, 'other.cab#a'), '2\n');
});

test('a text is evaluated in the folder one is in, and called where there are arguments', async (context) => {
  const rig = await withCab(context);
  await rig.write({ 'other.cab': '{ a = 1 + 1, }' });
  assert.equal(await printed(rig, '--expression', '(import ./other.cab).a'), '2\n');
  assert.equal(await printed(rig, '--expression', '{ who, } => who', '--argument', 'who=me'), '"me"\n');
  assert.equal(await printed(rig, '--expression', '{ who, } => who'), '«function»\n');
});

test('the expression comes from the standard input', async (context) => {
  const rig = await withCab(context);
  const { stdout, code } = await rig.cabWith('# a script\n[1, 2] ++\n[3]\n', 'eval', '--json', '-');
  assert.equal(code, 0);
  assert.deepEqual(JSON.parse(stdout), [1, 2, 3]);
  const wrong = await rig.cabWith('1 +\n', 'eval', '-');
  assert.equal(wrong.code, 1);
  assert.match(wrong.stderr, /CAB1101[^]*<stdin>:1:4/);
});

test('--raw prints a string as it is, and nothing else', async (context) => {
  const rig = await withCab(context);
  await rig.write({ 'default.cab': project });
  assert.equal(await printed(rig, '--raw', '.#name'), 'a "name"\n');
  assert.match(await refused(rig, '--raw', '.#nested.list'), /CAB2004[^]*type list[^]*--apply toString/);
});

test('all of a value is printed, or as many levels of it as are asked for', async (context) => {
  const rig = await withCab(context);
  await rig.write({ 'default.cab': project });
  assert.match(await refused(rig, '.#nested'), /error\[CAB2010\]: not needed/);
  assert.equal(await printed(rig, '--depth', '1', '.#nested'), '{ deep = { … }, list = [ … ], }\n');
  assert.equal(
    await printed(rig, '--depth=2', '.#nested'),
    '{ deep = { deeper = { … }, }, list = [ { … }, 2, ], }\n',
  );
});

test('--apply prints what a function gives for the value', async (context) => {
  const rig = await withCab(context);
  await rig.write({ 'default.cab': project });
  assert.equal(await printed(rig, '.#nested', '--apply', 'attributeNames'), '[ "deep", "list", ]\n');
  assert.equal(await printed(rig, '.', '--apply', 'p => length p.nested.list'), '2\n');
  assert.match(await refused(rig, '.#name', '--apply', 'name => name + 1'), /<--apply>:1:16/);
  assert.match(await refused(rig, '.#name', '--apply', '1'), /error\[CAB2006\]/);
});

test('what contradicts itself is a mistake of the command line', async (context) => {
  const rig = await withCab(context);
  for (const options of [
    ['--json', '--raw'],
    ['--depth', '1', '--json'],
    ['--depth', 'deep'],
    ['--expression', '1', '.'],
  ]) {
    const { code, stderr } = await rig.cab('eval', ...options);
    assert.equal(code, 2, stderr);
    assert.match(stderr, /CAB6001/);
  }
});

test('JSON is laid out as everywhere, with every digit of large integers, however large the value', async (context) => {
  const rig = await withCab(context);
  await rig.write({
    'default.cab': `{
      empty = { list = [], attributes = {}, },
      "a \\"name\\"" = [null, true, 1.5, "\\n", [[1], { b = 2, }]],
      large = 123456789012345678901234567890,
      many = generateList (n => { number = n, text = "some text", }) 50000,
    }`,
  });
  const text = await printed(rig, '--json');
  const value = JSON.parse(text) as { readonly many: readonly { readonly number: number }[] };
  assert.equal(value.many.length, 50_000);
  assert.equal(value.many.at(-1)?.number, 49_999);
  const exact = '123456789012345678901234567890';
  assert.equal(text.replace(exact, '1'), `${JSON.stringify({ ...value, large: 1 }, undefined, 2)}\n`);
});

test('with --json, what is wrong is told as JSON too', async (context) => {
  const rig = await withCab(context);
  const { code, stdout, stderr } = await rig.cab('eval', '--json', '--expression', 'nowhere');
  assert.equal(code, 1);
  assert.equal(stdout, '');
  const [line = ''] = stderr.split('\n');
  const told = JSON.parse(line) as { diagnostic: { code: string } };
  assert.equal(told.diagnostic.code, 'CAB2001');
});
