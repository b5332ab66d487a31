import assert from 'node:assert/strict';
import { test } from 'node:test';
import { evaluate } from '../check.ts';
import { errors, values } from './table.ts';

values('strings are counted and cut by code points', {
  'stringLength "a😀b"': '3',
  'substring 1 1 "a😀b"': '"😀"',
  'substring 2 9 "a😀b"': '"b"',
  'substring 9 9 "ab"': '""',
  'substring 1 9223372036854775808 "abc"': '"bc"',
  'characters "a😀"': '[ "a", "😀", ]',
  'characters ""': '[ ]',
  'padStart 3 "😀" "a"': '"😀😀a"',
  'padStart 2 "-" "😀"': '"-😀"',
  'split "😀" "a😀b"': '[ "a", "b", ]',
  'map stringLength (matchAll "." "a😀" |> map (found => found.text))': '[ 1, 1, ]',
});

values('the ends of strings', {
  'trimStart "\\t\\n a "': '"a "',
  'trimEnd " a\\t"': '" a"',
  'trim "\\u{a0}a\\u{2003}"': '"a"',
  'removePrefix "a" "aab"': '"ab"',
  'removePrefix "b" "aab"': '"aab"',
  'removeSuffix "" "ab"': '"ab"',
  'removeSuffix "b" "abb"': '"ab"',
  'padStart 5 "ab" "x"': '"ababx"',
  'padEnd 4 "ab" "x"': '"xaba"',
  'padEnd 0 "-" "x"': '"x"',
  'repeatString 0 "a"': '""',
  'indent "  " ""': '""',
  'indent "# " "a\\r\\n\\r\\nb"': '"# a\\r\\n\\r\\n# b"',
  'optionalString false (throw "not needed")': '""',
  'lines ""': '[ ]',
  'lines "\\n"': '[ "", ]',
  'lines "a\\r\\nb"': '[ "a", "b", ]',
  'joinLines [ ]': '""',
});

values('replacing and searching', {
  'containsString "" ""': 'true',
  'containsString "b" "a"': 'false',
  'replace [ "a", "aa", ] [ "1", "2", ] "aaa"': '"111"',
  'replace [ "aa", "a", ] [ "1", "2", ] "aaa"': '"12"',
  'replace "." "$&" "a.b"': '"a$&b"',
  'replace [ "x", "y", ] [ (throw "not needed"), "1", ] "yy"': '"11"',
  'replace [ ] [ ] "a"': '"a"',
  'replace "a" (throw "not needed") "b"': '"b"',
});

errors('strings that cannot be had', {
  'replace "" "a" "b"': { code: 'CAB2022', hint: /characters/ },
  'replace [ "a", ] [ ] "b"': 'CAB2022',
  'replace "a" 1 "a"': 'CAB2004',
  'replace [ "a", ] "b" "a"': 'CAB2004',
  'split "" "a"': { code: 'CAB2022', hint: /characters/ },
  'padStart 3 "" "a"': 'CAB2022',
  'padStart 999999999999999 "a" "a"': 'CAB2023',
  'repeatString 999999999999999 "a"': 'CAB2023',
  'repeatString (-1) "a"': 'CAB2022',
  'substring (-1) 1 "a"': 'CAB2022',
  'indent 2 "a"': 'CAB2004',
  'joinLines [ 1, ]': 'CAB2004',
  'join "," [ [ "a", ], ]': { code: 'CAB2004', message: /each element/ },
});

/** Each of them with a string that mentions the output of a derivation, from which it must come out with that in its context. */
const keepingContext = [
  's',
  'substring 0 1 s',
  'head (split "/" s)',
  'join "," [ "a", s, ]',
  'join s [ "a", "b", ]',
  'joinLines [ s, ]',
  'head (lines s)',
  'trim s',
  'trimStart s',
  'trimEnd s',
  'replace "a" "b" s',
  'replace "x" s "x"',
  'removePrefix "/" s',
  'removeSuffix "/" s',
  'padStart 3 " " s',
  'padEnd 3 " " s',
  'repeatString 2 s',
  'optionalString true s',
  'indent s "a"',
  'indent "  " s',
  'head (characters s)',
  'head (match "(.*)" s)',
  '(head (matchAll "." s)).text',
  'head (head (matchAll "(.)" s)).groups',
  'head (splitMatches "/" s)',
  'replaceMatches "x" s "x"',
  'replaceMatches "." (found => "a") s',
  'escapePattern s',
  'escapeShellArgument s',
  'escapeShellArguments [ s, "a", ]',
  'toUpper s',
  'toLower s',
  'toString s',
  'toJson { a = s, }',
  'toYaml [ s, ]',
  'toToml { a.b = [ s, ], }',
  'show [ { a = s, }, ]',
  'baseName s',
  'directoryName s',
  'fileExtension s',
  'fileStem s',
  'withContextOf s "a"',
  'withContextOf "a" s',
  'foldAttributes (text => name => value => text + value) "" { a = s, }',
] as const;

test('what a string mentions stays with all that is made of it', () => {
  for (const expression of keepingContext) {
    const { evaluator, value } = evaluate(
      `let d = derivation { name = "d", builder = "/b", }, s = "\\(d)/bin", in getContext (${expression})`,
    );
    assert.match(evaluator.show(value), /«derivation d»/, expression);
  }
});

const placeholder = '"\\(derivation { name = "d", builder = "/b", })"';

errors('a placeholder is not hidden in an encoding, where the build could not find it', {
  [`encodeUrl ${placeholder}`]: { code: 'CAB2021', hint: /withoutContext/ },
  [`encodeBase64 ${placeholder}`]: { code: 'CAB2021', hint: /withoutContext/ },
  [`encodeHexadecimal ${placeholder}`]: { code: 'CAB2021', hint: /withoutContext/ },
});
