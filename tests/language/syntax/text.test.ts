import test from 'node:test';
import { check, checkErrors } from './check.ts';

test('strings have escapes and interpolations', () => {
  check('"a \\n \\t \\r \\\\ \\" \\` \\="', '"a \n \t \r \\ " ` ="');
  check('"\\u{1F600}"', '"😀"');
  check('"a \\(b + "c \\(d)") e"', '"a \\((b + "c \\(d)")) e"');
  check('"\\\\(a)"', '"\\(a)"');
  check('"${a}"', '"${a}"');
});

test('raw strings are as they stand', () => {
  check('"= a "b" \\(c) \\n ="', '" a "b" \\(c) \\n "');
  check('"== a =" b =="', '" a =" b "');
});

test('a string of several lines loses its common indentation', () => {
  check('"\n    a\n      b\n\n    c\n  "', '"a\n  b\n\nc"');
  check('"\n  a\n\n  "', '"a\n"');
  check('"\n"', '""');
  check('"\r\n  a\r\n  b\r\n"', '"a\nb"');
  check('"\n\ta\n\t  b\n"', '"a\n  b"');
  check('"=\n  "a"\n    \\(b)\n  ="', '""a"\n  \\(b)"');
});

test('escapes and interpolations are no indentation', () => {
  check('"\n  \\(a)\n    \\tb\n"', '"\\(a)\n  \tb"');
});

test('a string of several lines is ended by a quote that stands alone on its line', () => {
  check('"\n  {\n    "a": "",\n    ""\n  }\n"', '"{\n  "a": "",\n  ""\n}"');
  check('[ "\n a\n", ("\n b\n "), "\n c\n" # d\n]', '["a", "b", "c"]');
  check('"\\("\n a\n")"', '"\\("a")"');
  check('"\n  echo "$x"\n"', '"echo "$x""');
  checkErrors('{ a = "\n  b", }', 'CAB1002 "');
});

test('paths', () => {
  check('./x', 'path "./x"');
  check('../x/y.z', 'path "../x/y.z"');
  check('./', 'path "./"');
  check('f /a ./b', '((f path "/a") path "./b")');
  check('[/a,/b]', '[path "/a", path "/b"]');
  check('./a\\(b)/c+d', 'path "./a\\(b)/c+d"');
  check('./\\(a)', 'path "./\\(a)"');
});

test('a slash glued to what stands before it, or apart from what follows, divides', () => {
  check('a/b', '(a / b)');
  check('a / b', '(a / b)');
  check('(a)/2', '(a / 2)');
  checkErrors('1 /2', 'CAB1104 /2');
});

test('islands', () => {
  check('<github:cull-os/cab>', '<github:"cull-os/cab">');
  check('<https://example.org:80/x-1.0.tar.gz>', '<https:"//example.org:80/x-1.0.tar.gz">');
  check('<github:\\(owner)/\\(name)>', '<github:"\\(owner)/\\(name)">');
  check('<github:a/b::/docs/\\(c)>', '<github:"a/b"::"docs/\\(c)">');
  check('<github:a/b>/c/Cargo.toml', '<github:"a/b">"/c/Cargo.toml"');
  check('<github:a/b::/c>/\\(d).toml', '<github:"a/b"::"c">"/\\(d).toml"');
  check('<git:{ url = "x", submodules = true, }>', '<git:{url = "x", submodules = true}>');
  check('<git:{ url = "x", }::/a>/b', '<git:{url = "x"}::"a">"/b"');
  check('<git:{\n  url = "x",\n}\n>', '<git:{url = "x"}>');
});

test("'<' before a letter opens an island, and comparison is written with blanks", () => {
  check('a < b', '(a < b)');
  check('a <= b', '(a <= b)');
  check('1 <2', '(1 < 2)');
  checkErrors('a <b', 'CAB1007 <');
  checkErrors('import <nixpkgs> { }', 'CAB1007 <nixpkgs>');
});
