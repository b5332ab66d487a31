import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { evaluate } from '../check.ts';
import { errors, values } from './table.ts';

values('a match is of the whole string', {
  'match "b" "abc"': 'null',
  'match "a|ab" "ab"': '[ ]',
  'match "(a)|(b)" "b"': '[ null, "b", ]',
  'match "" ""': '[ ]',
  'match "^(a*)$" "aa"': '[ "aa", ]',
  'match "(?<name>.)(?:.)" "ab"': '[ "a", ]',
  'match "." "\\n"': 'null',
  'match "\\\\." "."': '[ ]',
  'match "[[a-z]--[aeiou]]+" "bcd"': '[ ]',
  'match "(\\\\p{Lu})(.*)" "Über"': '[ "Ü", "ber", ]',
  'match "\\\\u{1f600}" "😀"': '[ ]',
  'match "\\\\ud83d\\\\ude00" "😀"': '[ ]',
  'match "[^a]" "😀"': '[ ]',
  'match "(a{2,3}?)(a*)" "aaaa"': '[ "aa", "aa", ]',
  'match "(?:(a)|b)*" "ab"': '[ null, ]',
});

values('matches anywhere in a string', {
  'map (x => x.text) (matchAll "a|ab" "abab")': '[ "a", "a", ]',
  'length (matchAll "" "a😀")': '3',
  'length (matchAll "x*" "axb")': '4',
  'map (x => x.text) (matchAll "^a" "aa")': '[ "a", ]',
  'map (x => x.text) (matchAll "\\\\b\\\\w" "ab cd")': '[ "a", "c", ]',
  'splitMatches "x" ""': '[ "", ]',
  'splitMatches "" "ab"': '[ "", "a", "b", "", ]',
  'splitMatches "(,)" "a,b"': '[ "a", "b", ]',
  'replaceMatches "" "-" "ab"': '"-a-b-"',
  'replaceMatches "a" "$&" "aa"': '"$&$&"',
  'replaceMatches "b" (throw "not needed") "a"': '"a"',
  'replaceMatches "(.)(.)" (m => join "" (reverse m.groups)) "abcd"': '"badc"',
  'match (escapePattern "^$\\\\.*+?()[]{}|/-") "^$\\\\.*+?()[]{}|/-"': '[ ]',
});

errors('expressions that are none, or not regular', {
  'match "(" "a"': { code: 'CAB2020', message: /well formed/, hint: /twice/ },
  'match ")(" "a"': 'CAB2020',
  'matchAll "[" "a"': 'CAB2020',
  'splitMatches "a{2,1}" "a"': 'CAB2020',
  'match "(a)\\\\1" "aa"': { code: 'CAB2020', message: /refers back to a group, '\\1'/ },
  'match "(?<n>a)\\\\k<n>" "aa"': { code: 'CAB2020', message: /refers back/ },
  'match "a(?=b)" "a"': { code: 'CAB2020', message: /look ahead or behind, '\(\?='/ },
  'match "(?<!b)a" "a"': { code: 'CAB2020', message: /look ahead or behind/ },
  'match "(?i:a)" "A"': { code: 'CAB2020', message: /how letters are matched/ },
  'match "\\\\p{RGI_Emoji}" "a"': { code: 'CAB2020', message: /class of strings/ },
  'match "[\\\\q{ab|c}]" "c"': { code: 'CAB2020', message: /class of strings/ },
  'match "(a{1000}){1000}" "a"': { code: 'CAB2020', message: /too large/ },
  'replaceMatches "a" 1 "a"': 'CAB2006',
  'replaceMatches "a" (m => 1) "a"': { code: 'CAB2004', message: /replaceMatches/ },
});

test('no expression takes more time than the expression and the text are long', () => {
  const startedMs = performance.now();
  const text = `${'a'.repeat(20_000)}b`;
  for (const pattern of ['(a+)+', '(a|aa)+', '(a*)*', 'a*a*a*a*a*', '([a-z]+)*[0-9]', '(?:a?){100}a{100}']) {
    assert.equal(evaluate(`match "${pattern}" "${text}"`).value, null, pattern);
  }
  assert.equal(evaluate(`length (matchAll "(x+x+)+y" "${'x'.repeat(20_000)}")`).value, 0);
  assert.ok(performance.now() - startedMs < 20_000);
});

/** Repetitions of what can be empty are left out: there ECMAScript forgets groups in a way of its own. */
const { pattern } = fc.letrec<{ pattern: string; solid: string }>((tie) => {
  const one = fc.constantFrom('a', 'b', 'é', '😀', '.', '[ab]', '[^a\\n]', '\\w', '\\p{L}');
  const quantifier = fc.constantFrom('*', '+', '?', '{2}', '{1,2}', '{0,3}', '*?', '+?', '??');
  return {
    solid: fc.oneof(
      { maxDepth: 4, depthSize: 'small' },
      one,
      tie('solid').map((body) => `(${body})`),
      fc.tuple(one, tie('pattern')).map((parts) => parts.join('')),
      fc.tuple(tie('pattern'), one).map((parts) => `(?:${parts.join('')})`),
      fc.tuple(tie('solid'), tie('solid')).map(([left, right]) => `(?:${left}|${right})`),
    ),
    pattern: fc.oneof(
      { maxDepth: 4, depthSize: 'small' },
      fc.constantFrom('', '^', '$', '\\b'),
      tie('solid'),
      fc.tuple(tie('solid'), quantifier).map(([body, quantity]) => `(?:${body})${quantity}`),
      fc.tuple(tie('solid'), quantifier).map(([body, quantity]) => `(${body})${quantity}`),
      fc.tuple(tie('pattern'), tie('pattern')).map((parts) => `(?:${parts.join('|')})`),
      fc.tuple(tie('pattern'), tie('pattern')).map((parts) => parts.join('')),
    ),
  };
});

function cab(expression: string): unknown {
  const { evaluator, value } = evaluate(expression);
  return JSON.parse(JSON.stringify(evaluator.toJson(value))) as unknown;
}

test('what is found is what ECMAScript finds', () => {
  const subject = fc
    .array(fc.constantFrom('a', 'b', 'é', '😀', ' '), { maxLength: 12 })
    .map((parts) => parts.join(''));
  fc.assert(
    fc.property(pattern, subject, fc.constantFrom(0, 1000), (source, text, padding) => {
      // A long text is left to the engine here, and a short one mostly to that of the platform. Nothing matches line ends,
      // so that the platform is not long at it.
      const whole = '\n'.repeat(padding) + text;
      const literal = `"${whole.replaceAll('\n', '\\n')}"`;
      const quoted = `"${source.replaceAll('\\', '\\\\')}"`;
      const found = Array.from(whole.matchAll(new RegExp(source, 'gv')), ([part, ...groups]) => ({
        groups: groups.map((group: string | undefined) => group ?? null),
        text: part,
      }));
      assert.deepEqual(cab(`matchAll ${quoted} ${literal}`), found, `${source} in "${text}"`);
      const exact = new RegExp(`^(?:${source})$`, 'v').exec(whole);
      const groups = exact?.slice(1).map((group: string | undefined) => group ?? null) ?? null;
      assert.deepEqual(cab(`match ${quoted} ${literal}`), groups, `${source} is "${text}"`);
    }),
    { numRuns: 200 },
  );
});
