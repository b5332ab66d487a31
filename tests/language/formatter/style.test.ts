import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { check, checkKept } from './check.ts';

test('brackets stay on one line where they fit, with a comma behind each element', () => {
  check('{a=1,b=2}', '{ a = 1, b = 2, }\n');
  check('[1,[],{ }]', '[ 1, [], {}, ]\n');
  check('self@{a,b.c=self.a}', 'self @ { a, b.c = self.a, }\n');
  check('{a,b=1,...}=>a', '{ a, b = 1, ... } => a\n');
  check('all@{...,}=>all', 'all @ { ... } => all\n');
});

test('a line end behind an opening bracket is kept, and others are not', () => {
  check('{\na = 1 }', '{\n  a = 1,\n}\n');
  check('{ a = 1,\nb = 2\n}', '{ a = 1, b = 2, }\n');
  check('[\n1, 2 ]', '[\n  1,\n  2,\n]\n');
  check('{\n}', '{}\n');
  check('let\na = 1 in a', 'let\n  a = 1,\nin a\n');
  check('let a = 1\nin a', 'let a = 1, in a\n');
});

test('of empty lines between elements one is kept', () => {
  check('{\n\n\na = 1,\n\n\n\nb = 2,\n\n}', '{\n  a = 1,\n\n  b = 2,\n}\n');
  check('\n\n# a\n\n\n1\n\n\n', '# a\n\n1\n');
});

test('what is too long is broken at its outermost brackets first', () =>
  checkKept(
    `
{
  list = [
    "one of the elements that together are too long",
    "another of the elements that are too long",
    [ "a list", "within", "the list", ],
  ],
  attributes = {
    description = "some words about the thing that is described here",
    nested = { a = 1, b = 2, },
  },
  lambda = {
    firstArgument,
    secondArgument = 1,
    ...
  } => firstArgument,
}
`,
  ));

test('a value that has to be broken begins on the line of its name if it has brackets', () =>
  checkKept(`
{
  application = packages.run {
    name = "a",
  },
  middle = map (package => {
    name = package.name,
  }) packages,
  update = environment // {
    a = 1,
  },
  first = [
    "a",
  ] ++ rest,
  fallback = a.b or {
    c = 1,
  },
  pipe = f <| x => {
    a = x,
  },
  text = f "
    lines
  ",
  options = <git:{
    url = "https://example.org",
  }>/file,
}
`));

test('a value without brackets goes to lines of its own, broken before its operators', () =>
  checkKept(
    `
{
  condition =
    oneThing == anotherThing && somethingElse != null
    || yetAnotherThing && theLastOfAllThings && somethingThatIsReallyTheLast,
  call =
    aFunction
      theFirstArgument.with.a.long.path
      (theSecond argument)
      "the third argument, which is long too"
      fourth,
}
`,
  ));

test('pipes have a line each where they do not fit, or the first begins one', () => {
  check('a |> f |> g', 'a |> f |> g\n');
  check('a\n|> f |> g', 'a\n|> f\n|> g\n');
  check('a |> f\n|> g', 'a |> f |> g\n');
});

test('an if stands on one line, or its values have lines of their own, or their brackets stand beside its words', () => {
  check('if a\nthen b\nelse c', 'if a then b else c\n');
  check('if a then b else if c then d else e', 'if a then\n  b\nelse if c then\n  d\nelse\n  e\n');
  check('if a then {\nb = 1 } else [ 2 ]', 'if a then {\n  b = 1,\n} else [\n  2,\n]\n');
  check('if a then {\nb = 1 } else c', 'if a then {\n  b = 1,\n} else c\n');
  check('if a then c else {\nb = 1 }', 'if a then\n  c\nelse\n  {\n    b = 1,\n  }\n');
});

test('lambdas stand in a row, and their body begins on their line if it has brackets', () => {
  check('a=>b=>c=>a', 'a => b => c => a\n');
  check('a => { b, } => let\nc = b, in { d = c, }', 'a => { b, } => let\n  c = b,\nin { d = c, }\n');
  const [left, right] = ['someFunction a '.repeat(5).trim(), 'anotherFunction b c'];
  check(`a => b => ${left} + ${right}`, `a => b =>\n  ${left} + ${right}\n`);
  check(`f (a => ${left} + ${right}) x`, `f (a =>\n  ${left} + ${right}\n) x\n`);
});

test('comments stay at the ends of lines, on lines of their own, and within lines', () => {
  checkKept(`
# the file

{ # behind the opening bracket
  # before an element
  a = 1, # behind it

  # before the next
  # in two lines
  b = #= within =# 2,
  c =
    # before a value
    3,
  d = # behind a sign
    4,
  e = [
    # alone
  ],
  f = {
    g,
    # at the end
  },
  h = ( # in parentheses
    1 # behind a value
    # before the closing one
  ),
  i =
    a
    # before an operator
    + b # behind an operand
    + # behind an operator
      c,
  j =
    f
      # before an argument
      x
      y,
  k =
    if a then # why
      b
    # otherwise
    else
      c,
}

# the end
`);
  check('{ a = 1 # one\n, b = 2 # two\n}', '{\n  a = 1, # one\n  b = 2, # two\n}\n');
  check('[ #= a =# 1 #= b =#, #= c =# ]', '[ #= a =# 1 #= b =#, #= c =# ]\n');
  check('1 # c   ', '1 # c\n');
});

test('the lines of a block comment move with the first', () => {
  check('{\n#= a\n     b\n   =#\na, }', '{\n  #= a\n       b\n     =#\n  a,\n}\n');
  check('{\n        #= a\n           b =#\na, }', '{\n  #= a\n     b =#\n  a,\n}\n');
});

test('a string of several lines moves as a whole', () => {
  check(
    '{\na = "\n          one\n            two \\(  x  )\n\n\t\n          ",\n}',
    '{\n  a = "\n    one\n      two \\(x)\n\n\n  ",\n}\n',
  );
  check('[\n"=\n  raw \\( x )\n  =" ]', '[\n  "=\n    raw \\( x )\n  =",\n]\n');
  check('(f "\n  a\n" # c\n b)', '(\n  f\n    "\n      a\n    " # c\n    b\n)\n');
});

test('other text is not touched, and neither are paths and islands', () => {
  checkKept('\n[ "  a  ", "=  b  =", ./x/\\(y).z, <a:b-c/\\(d)>/e, `f  g`.h, 1_000, 0xFf, 1.50, ]\n');
  check('"a \\(  f   x  ) b \\(\n{ y =\n1 }\n)"', '"a \\(f x) b \\({ y = 1, })"\n');
  check('["= a\n  b ="]', '[\n  "= a\n  b =",\n]\n');
});

test('an interpolation that cannot be on one line stays as it is written', () =>
  checkKept('\n"a \\( # why\n      x\n  ) b"\n'));

test('a dot stays away from a path, which it would become a part of', () => {
  check('[ ./a . b, (./a) . b, <c:d>/e . f, <c:d> . f, ]', '[ ./a .b, (./a).b, <c:d>/e .f, <c:d>.f, ]\n');
});

test('parentheses are kept', () => check('((a)) + (b * c)', '((a)) + (b * c)\n'));

test('line ends become those of Unix, and a byte order mark goes', () => {
  check(
    '\ufeff{\r\na = 1, # b\r\n\r\nc = "\r\n  d\r\n  ",\r\n}\r\n',
    '{\n  a = 1, # b\n\n  c = "\n    d\n  ",\n}\n',
  );
  check('"= a\r\nb ="', '"= a\r\nb ="\n');
});

test('the examples of the page on the style are laid out by it', () => {
  const page = readFileSync(new URL('../../../docs/reference/formatting.md', import.meta.url), 'utf8');
  const examples = [...page.matchAll(/```cab\n(.*?)```/gs)].map(([, example]) => example as string);
  assert.ok(examples.length >= 5);
  for (const example of examples) check(example, example);
});
