import assert from 'node:assert/strict';
import test from 'node:test';
import { chooseSeed, fuzzFactor, randomFrom, withCab, type CabRig } from '../support/index.ts';
import { assertStoreIsWhole } from './scenario.ts';

/** Types the lines into a repl that is no terminal, none of which fails, and answers what it printed. */
async function answers(rig: CabRig, ...lines: readonly string[]): Promise<string> {
  const result = await rig.cabWith(`${lines.join('\n')}\n`, 'repl');
  assert.equal(result.stderr, '');
  assert.equal(result.code, 0);
  return result.stdout;
}

/** The same where something fails: what was said of it. */
async function complaint(rig: CabRig, ...lines: readonly string[]): Promise<string> {
  const result = await rig.cabWith(`${lines.join('\n')}\n`, 'repl');
  assert.equal(result.code, 1, result.stdout);
  return result.stderr;
}

/** A derivation that needs no origin: its output is a file with the text. */
const greeting = `derivation {
  name = "greeting",
  builder = <cab:programs>/text.wasm,
  arguments = ["write", "0"],
  environment = { text = "hello" },
  requiredRealizerFeatures = ["wasm"],
}`;

test('expressions are evaluated one after the other, and the last value is it', async (context) => {
  const rig = await withCab(context);
  assert.equal(await answers(rig, '1 + 1', 'it * 10', '[it, it]'), '2\n20\n[ 20, 20, ]\n');
});

test('names are bound as in let: lazily, several at once, and again', async (context) => {
  const rig = await withCab(context);
  const printed = await answers(
    rig,
    'a = 1, b = a + 1',
    'broken = throw "never needed"',
    'factorial = n => if n == 0 then 1 else n * factorial (n - 1)',
    'factorial b',
    'a = 20',
    'a + b',
    'c.d = 1, c.e = 2',
    'c',
    '`with a space` = 3',
    '`with a space`',
  );
  assert.equal(printed, '2\n22\n{ d = 1, e = 2, }\n3\n');
});

test('names of any script are bound, shown and told', async (context) => {
  const rig = await withCab(context);
  assert.equal(await answers(rig, 'नमस्ते = { क्या = 1, }', 'नमस्ते', 'नमस्ते.क्या + 1'), '{ क्या = 1, }\n2\n');
  assert.match(await answers(rig, 'नमस्ते = 1', ':doc नमस्ते'), /^नमस्ते : integer\ndefined at <repl:1>:1/);
});

test('a statement goes on in the next line as long as something is open', async (context) => {
  const rig = await withCab(context);
  const printed = await answers(
    rig,
    'x = {',
    '  a = [1,',
    '    2],',
    '}',
    'x.a',
    'let y = 1,',
    'in',
    'y +',
    '  1',
    '"',
    '  two',
    '  lines',
    '"',
    '"= raw',
    '="',
    '#= a comment',
    '   of two lines =# 5',
    'text =',
    '',
    '  "later"',
    'text',
  );
  assert.equal(printed, '[ 1, 2, ]\n2\n"two\\nlines"\n" raw\\n"\n5\n"later"\n');
});

test('a mistake is shown where it is, and changes nothing', async (context) => {
  const rig = await withCab(context);
  const lines = ['a = 1', 'a = 2, b = nowhere', 'a +', ')', 'a', ':prnt a', 'throw "on purpose"', 'it'];
  const { code, stdout, stderr } = await rig.cabWith(`${lines.join('\n')}\n`, 'repl');
  assert.equal(code, 1);
  assert.equal(stdout, '1\n1\n');
  const places = [...stderr.matchAll(/error\[(CAB\d+)\][^\n]*\n *--> (\S+)/g)];
  assert.deepEqual(
    places.map(([, code, place]) => `${code} ${place}`),
    ['CAB2001 <repl:2>:1:12', 'CAB1103 <repl:3>:2:1', 'CAB6030 <repl:5>:1:1', 'CAB2010 <repl:6>:1:1'],
  );
  assert.match(stderr, /^1 \| a = 2, b = nowhere\n {2}\| {12}\^{7} /m);
  assert.match(stderr, /did you mean ':print'\?/);
});

test('an input that ends in the midst of a statement says so', async (context) => {
  const rig = await withCab(context);
  assert.match(await complaint(rig, 'a = [1,'), /error\[CAB6032\]: the input ends before the binding does/);
  assert.match(await complaint(rig, '[1,'), /error\[CAB1102\]: '\[' is not closed/);
});

test('an error in a function that was bound earlier leads to both lines', async (context) => {
  const rig = await withCab(context);
  const told = await complaint(rig, '', 'first = list => head list', '', 'first []');
  assert.match(told, /<repl:1>:1:17/);
  assert.match(told, /trace: while calling 'first' at <repl:2>:1:1/);
});

test('a value is shown no further than it is cheap to know', async (context) => {
  const rig = await withCab(context);
  const printed = await answers(
    rig,
    '{ fault = throw "no", sum = 1 + 2, inner = { list = map (x => x * 2) [1, 2] } }',
    '{ a = { b = { c = { d = { e = 1 } } }, list = [[[[1]]]] }, }',
    'generateList (x => { a = x }) 2',
    'x => { a, b = 1, c = "one", ... } => x',
    'map (x => x)',
    'packages = mapAttributes (name => value => { inner = throw name }) (attributesFromList (generateList (n => { name = "p\\(toString n)", value = n }) 3000))',
    'length (attributeNames packages)',
    'packages',
  );
  const [first, second, third, fourth, fifth, sixth, ...rest] = printed.split('\n');
  assert.equal(first, '{ fault = «error: no», inner = { list = [ 2, 4, ], }, sum = 3, }');
  assert.equal(second, '{ a = { b = { c = { d = { … }, }, }, list = [ [ [ … ], ], ], }, }');
  assert.equal(third, '[ { a = 0, }, { a = 1, }, ]');
  assert.equal(fourth, '«function x => { a, b = 1, c = "one", ... } => …»');
  assert.equal(fifth, '«builtin map»');
  assert.equal(sixth, '3000');
  assert.match(rest.join('\n'), /^ {2}… 2940 more$/m);
});

test('what is not shown is not evaluated', async (context) => {
  const rig = await withCab(context);
  const { stdout, stderr, code } = await rig.cabWith(
    'generateList (n => [trace "seen" n, n]) 1000\n',
    'repl',
  );
  assert.equal(code, 0);
  assert.match(stdout, /^ {2}… 940 more$/m);
  assert.match(stdout, /\[ …, …, \]/);
  assert.equal(stderr.match(/seen/g)?.length, 32);
});

test(':print shows all of a value, and :json writes it as JSON', async (context) => {
  const rig = await withCab(context);
  const printed = await answers(
    rig,
    ':print { a = { b = { c = { d = { e = 1 } } } } }',
    ':json { a = [1, "x", null] }',
    ':print length (generateList (x => x) 100)',
  );
  assert.equal(
    printed,
    '{ a = { b = { c = { d = { e = 1, }, }, }, }, }\n{\n  "a": [\n    1,\n    "x",\n    null\n  ]\n}\n100\n',
  );
});

test('a value that is too deep to be written is told, and the repl goes on', async (context) => {
  const rig = await withCab(context);
  const lines = ['deep = foldLeft (a => n => [a]) [] (generateList (n => n) 400000)', ':print deep', 'deep'];
  const { code, stdout, stderr } = await rig.cabWith(`${lines.join('\n')}\n`, 'repl');
  assert.equal(code, 1);
  assert.match(stderr, /^error\[CAB2003\]/);
  assert.equal(stdout, '[ [ [ [ [ … ], ], ], ], ]\n');
});

test(':type tells the structure of a value', async (context) => {
  const rig = await withCab(context);
  const printed = await answers(
    rig,
    ':type { a = 1, b = ["x"], c = throw "no", f = x => y => x }',
    ':type [1, "x", 2]',
    ':type []',
    ':t args @ { a, b = 2, ... } => a',
    ':type map',
    ':type map (x => x)',
    'add = a => b => a + b',
    ':type add 1',
    ':type 1.5',
    `:type ${greeting}`,
  );
  assert.equal(
    printed,
    `{ a : integer, b : [string], c : «error», f : x => y => …, }
[integer | string]
[]
args @ { a, b = 2, ... } => …
(a -> b) -> [a] -> [b]
[a] -> [b]
b => …
float
derivation
`,
  );
});

test(':doc tells what builtins do, and what is written above a definition', async (context) => {
  const rig = await withCab(context);
  await rig.write({
    'tools.cab': `{
  # Doubles a number.
  # Not a string.
  double = x => x * 2,

  #= What it is
     called. =#
  name = "tools",
  bare = 1,
}
`,
  });
  const printed = await answers(
    rig,
    ':doc filter',
    't = import ./tools.cab',
    ':doc t.double',
    ':load tools.cab',
    ':doc name',
    ':doc bare',
    'half = x => x / 2',
    ':doc half',
  );
  assert.match(printed, /^filter : \(a -> boolean\) -> \[a\] -> \[a\]\n\n.+\n\n {2}filter /);
  assert.ok(
    printed.includes('t.double : x => …\ndefined at ./tools.cab:4\n\nDoubles a number.\nNot a string.\n'),
    printed,
  );
  assert.ok(printed.includes('name : string\ndefined at ./tools.cab:8\n\nWhat it is\ncalled.\n'), printed);
  assert.ok(printed.includes('bare : integer\ndefined at ./tools.cab:9\n'), printed);
  assert.ok(printed.includes('half : x => …\ndefined at <repl:7>:1\n'), printed);
});

test(':load makes the attributes of a file names, and calls a function with its arguments', async (context) => {
  const rig = await withCab(context);
  await rig.write({
    'default.cab': '{ greeting = "hello", twice = x => x * 2, }',
    'function.cab': '{ who, mark = "!", } => { text = "hello \\(who)\\(mark)", }',
  });
  assert.equal(
    await answers(rig, ':load .', 'greeting', 'twice 4', ':l function.cab who="big world" mark=?', 'text'),
    '2 names from .\n"hello"\n8\n1 name from function.cab\n"hello big world?"\n',
  );
  assert.match(
    await complaint(rig, ':load function.cab'),
    /error\[CAB2008\]: the entry needs the argument 'who'/,
  );
  assert.match(await complaint(rig, ':load nowhere.cab'), /error\[CAB6003\]/);
});

test('an installable on the command line is loaded at the start', async (context) => {
  const rig = await withCab(context);
  await rig.write({ 'default.cab': '{ system, } => { packages = { a = system, b = 2, }, }' });
  const result = await rig.cabWith('a\nb\n', 'repl', '.#packages', '--argument', 'system=here');
  assert.equal(result.stdout, '2 names from .#packages\n"here"\n2\n');
  assert.equal((await rig.cabWith('1\n', 'repl', '.#nothing')).code, 1);
});

test(':build builds, and says where the result lies; :log and :derivation tell of it', async (context) => {
  const rig = await withCab(context);
  await rig.write({ 'default.cab': `{ default = ${greeting.replaceAll('\n', ' ')}, }` });
  const result = await rig.cabWith(
    [`d = ${greeting}`, ':build d', ':build .#default', 'readFile d', ':derivation d', ':build 1', ''].join(
      '\n',
    ),
    'repl',
  );
  const [place, same, content, ...json] = result.stdout.split('\n');
  assert.ok(place?.startsWith(rig.store), result.stdout);
  assert.equal(same, place);
  assert.equal(content, '"hello"');
  assert.equal((JSON.parse(json.join('\n')) as { derivation: { name: string } }).derivation.name, 'greeting');
  assert.match(result.stderr, /built {4}greeting/);
  assert.match(result.stderr, /error\[CAB6004\]: '1' is not a derivation, but of type integer/);
  assert.equal(result.code, 1);
  await assertStoreIsWhole(rig);
});

test('a file of an island is fetched when it is needed, and the lock is only written when asked', async (context) => {
  const rig = await withCab(context);
  const repository = await rig.repository('o/r');
  const commit = await repository.write({ 'README.md': 'read me\n', 'x.cab': '{ a = 1, }' }).commit();
  const reading = ['readFile <github:o/r>/README.md', '(import <github:o/r>/x.cab).a', ':islands'];
  const first = await rig.cabWith(`${reading.join('\n')}\n`, 'repl');
  assert.equal(first.code, 0, first.stderr);
  assert.match(first.stdout, /^"read me\\n"\n1\ngithub:o\/r {2}.*git:/);
  assert.match(first.stderr, /pinned {3}github:o\/r git:/);
  assert.equal(await rig.lock(), undefined);
  await rig.cabWith(`${reading.join('\n')}\n:pin\n`, 'repl');
  assert.equal((await rig.lock())?.islands['github:o/r']?.['git'], commit);
});

test('--offline fetches nothing, and says what is missing', async (context) => {
  const rig = await withCab(context);
  await rig.repository('o/r');
  const result = await rig.cabWith('readFile <github:o/r>/README.md\n1\n', 'repl', '--offline');
  assert.equal(result.code, 1);
  assert.match(result.stderr, /error\[CAB3209\]/);
  assert.equal(result.stdout, '1\n');
  assert.equal(rig.server.requests.length, 0);
});

test('commands may be shortened as long as they are told apart', async (context) => {
  const rig = await withCab(context);
  assert.equal(await answers(rig, ':ty 1', ':js 1', ':quit', '5'), 'integer\n1\n');
  assert.match(await complaint(rig, ':lo x.cab'), /':lo' may be :load or :log/);
  assert.match(await complaint(rig, ':'), /there is no command ':'[^]*:help shows what there is/);
});

test('whatever is typed, the repl itself does not fail', async (context) => {
  const rig = await withCab(context);
  const seed = chooseSeed();
  context.diagnostic(`seed ${seed}`);
  const random = randomFrom(seed);
  for (let round = 0; round < fuzzFactor(); round++) {
    const words = Array.from({ length: 1500 }, () => scraps[Math.floor(random() * scraps.length)] ?? '');
    const text = words.map((word) => (random() < 0.5 ? word : `${word} `)).join('');
    const { code, signal, stderr } = await rig.cabWith(`${text}\n`, 'repl', '--offline');
    assert.ok(
      code === 0 || code === 1,
      `seed ${seed}: it ended with ${code ?? signal}\n${stderr.slice(-2000)}`,
    );
    assert.doesNotMatch(stderr, /CAB9001/, `seed ${seed}`);
  }
});

/** Of what statements and commands are made, and what ends the texts that others begin. */
const scraps = [
  ...'a it map builtins derivation x => let in if then else or { } [ ] ( ) , = == . ./ / ... ? @ |> + - // ;'.split(
    ' ',
  ),
  ...'" "text" ` `q` \\( # #= =# "= =" < <git: <path: > 1 1.5 throw \t \u0000 é \u{1F600}'.split(' '),
  ...': :type :doc :print :json :load :names :build :log :derivation :islands :reload :help'.split(' '),
  '\n',
  '\n',
  '\n',
  '\n=#\n"\n"=\n',
];
