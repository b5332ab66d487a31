import { errors, values } from './table.ts';

values('JSON', {
  'fromJson " {\\"a\\" : [ ] , \\"b\\": { } } "': '{ a = [ ], b = { }, }',
  'fromJson "[-0, -0.0, 1e2, 12345678901234567890]"': '[ 0, -0.0, 100.0, 12345678901234567890, ]',
  'fromJson "{\\"a\\":1,\\"a\\":2,\\"__proto__\\":3}"': '{ __proto__ = 3, a = 2, }',
  'fromJson "\\"\\\\u00e4\\\\n\\\\\\\\\\\\\\"\\\\ud83d\\\\ude00\\""': '"ä\\n\\\\\\"😀"',
  'toJson [ 1.0, -0.0, 1e300, 12345678901234567890, ]': '"[1.0,-0.0,1.0e300,12345678901234567890]"',
  'toJson "\\u{7f}\\u{0}/"': '"\\"\\u{7f}\\\\u0000/\\""',
  'fromJson (toJson { a = [ { }, [ ], null, true, ], }) == { a = [ { }, [ ], null, true, ], }': 'true',
});

errors('what is not JSON', {
  'fromJson ""': { code: 'CAB2017', message: /a value is expected/ },
  'fromJson "[1,]"': 'CAB2017',
  'fromJson "[1 2]"': { code: 'CAB2017', message: /',' or '\]'/ },
  'fromJson "{a:1}"': { code: 'CAB2017', message: /double quotes/ },
  'fromJson "{\\"a\\" 1}"': { code: 'CAB2017', message: /':'/ },
  'fromJson "1 2"': { code: 'CAB2017', message: /more follows/ },
  'fromJson "[ "': 'CAB2017',
  'fromJson "01"': 'CAB2017',
  'fromJson ".5"': 'CAB2017',
  'fromJson "NaN"': 'CAB2017',
  'fromJson "1e999"': { code: 'CAB2017', message: /too large/ },
  'fromJson "nul"': 'CAB2017',
  'fromJson "\\"a"': { code: 'CAB2017', message: /not closed/ },
  'fromJson "\\"a\\\\"': { code: 'CAB2017', message: /not closed/ },
  'fromJson "\\"\\n\\""': 'CAB2017',
  'fromJson "\\"\\\\x\\""': 'CAB2017',
  'fromJson "\\"\\\\ud800\\""': { code: 'CAB2017', message: /half of a pair/ },
  'toJson { a = x => x, }': 'CAB2019',
});

values('JSON may be nested deep', {
  'stringLength (fromJson (repeatString 100000 "[" + repeatString 100000 "]") |> (x => "ok"))': '2',
});

values('YAML by the core schema', {
  'fromYaml ""': 'null',
  'fromYaml "# nothing"': 'null',
  'fromYaml "[1, 0o17, 0xff, -3, +4, 12345678901234567890]"': '[ 1, 15, 255, -3, 4, 12345678901234567890, ]',
  'fromYaml "[1.0, 1e3, .5, -.inf, .nan]"': '[ 1.0, 1000.0, 0.5, "-.inf", ".nan", ]',
  'fromYaml "[yes, no, on, off, true, False, ~, null, 2024-01-01, 0b1, 1_000]"':
    '[\n  "yes",\n  "no",\n  "on",\n  "off",\n  true,\n  false,\n  null,\n  null,\n  "2024-01-01",\n  "0b1",\n  "1_000",\n]',
  'fromYaml "1: a\\ntrue: b\\n1.0: c\\n\\"x y\\": d\\n? e\\n"':
    '{ `1` = "a", `1.0` = "c", e = null, true = "b", `x y` = "d", }',
  'fromYaml "a: |\\n  x\\n  y\\nb: >-\\n  x\\n  y\\n"': '{ a = "x\\ny\\n", b = "x y", }',
  'fromYaml "a: !!str 1\\nb: !!int \\"2\\"\\n"': '{ a = "1", b = 2, }',
  'fromYaml "<<: 1"': '{ `<<` = 1, }',
  'fromYaml "a: &x [1]\\nb: *x\\nc: &x 2\\nd: *x\\n"': '{ a = [ 1, ], b = [ 1, ], c = 2, d = 2, }',
  'fromYaml "&k a: 1\\nb: *k\\n"': '{ a = 1, b = "a", }',
  'fromYaml "--- 1\\n...\\n"': '1',
  'fromYamlDocuments ""': '[ ]',
  'fromYamlDocuments "---\\n---\\na\\n"': '[ null, "a", ]',
  'fromYaml "\\u{feff}a: 1"': '{ a = 1, }',
});

/** Each level is ten times the one before. */
const laughs = [
  'a0: &a0 [x,x,x,x,x,x,x,x,x,x]',
  ...[1, 2, 3, 4, 5, 6, 7].map(
    (n) => `a${n}: &a${n} [${Array.from({ length: 10 }, () => `*a${n - 1}`).join()}]`,
  ),
].join('\\n');

errors('what is not YAML, or more than a value', {
  'fromYaml "a: 1\\n---\\nb: 2\\n"': { code: 'CAB2017', message: /2 documents/, hint: /fromYamlDocuments/ },
  'fromYaml "a: [1"': 'CAB2017',
  'fromYaml "a: 1\\na: 2"': { code: 'CAB2017', message: /'a' comes twice/ },
  'fromYaml "1: a\\n\\"1\\": b"': { code: 'CAB2017', message: /'1' comes twice/ },
  'fromYaml "? [a]\\n: b"': { code: 'CAB2017', message: /a name must be/ },
  'fromYaml "a: *b"': { code: 'CAB2017', message: /no anchor 'b'|Unresolved alias/ },
  'fromYaml "&a [*a]"': { code: 'CAB2017', message: /stands in what it names/ },
  'fromYaml "a: !mine 1"': 'CAB2017',
  'fromYaml "a: !!binary aGk="': 'CAB2017',
  'fromYaml "\\ta: 1"': 'CAB2017',
  [`fromYaml "${laughs}"`]: { code: 'CAB2017', message: /stand for too much/ },
  'fromYaml (repeatString 100000 "[")': 'CAB2017',
  'fromYaml (repeatString 20000 "[" + repeatString 20000 "]")': {
    code: 'CAB2017',
    message: /nested too deep/,
  },
  'fromYaml "a: \\"\\\\ud800\\""': { code: 'CAB2017', message: /half of a pair/ },
  'fromYaml 1': 'CAB2004',
});

values('YAML to write', {
  'toYaml null': '"null\\n"',
  'toYaml { }': '"{}\\n"',
  'toYaml [ ]': '"[]\\n"',
  'toYaml [ [ 1, [ ], ], { a = { }, b = [ { c = 1, d = 2, }, ], }, ]':
    '"- - 1\\n  - []\\n- a: {}\\n  b:\\n    - c: 1\\n      d: 2\\n"',
  'toYaml [ "yes", "1", "a: b", "# c", "", " a", "~", "a b", "x\\ny", ]':
    '"- \\"yes\\"\\n- \\"1\\"\\n- \\"a: b\\"\\n- \\"# c\\"\\n- \\"\\"\\n- \\" a\\"\\n- \\"~\\"\\n- a b\\n- \\"x\\\\ny\\"\\n"',
  'toYaml { `a b` = 1, `on` = 2, `1` = 3, }': '"\\"1\\": 3\\na b: 1\\n\\"on\\": 2\\n"',
  'toYaml [ 1.0, 1e300, 12345678901234567890, true, ]':
    '"- 1.0\\n- 1.0e300\\n- 12345678901234567890\\n- true\\n"',
});

values('TOML', {
  'fromToml ""': '{ }',
  'fromToml "a = 9223372036854775807\\nb = inf\\nc = 1979-05-27\\n"':
    '{ a = 9223372036854775807, b = "inf", c = "1979-05-27", }',
  'toToml { }': '""',
  'toToml { a = 1, b = { c = { d = [ 1, 2.0, ], }, e = { }, }, }':
    '"a = 1\\n\\n[b.c]\\nd = [1, 2.0]\\n\\n[b.e]\\n"',
  'toToml { a = [ { b = 1, c = [ { d = 2, }, ], }, { }, ], }':
    '"[[a]]\\nb = 1\\n\\n[[a.c]]\\nd = 2\\n\\n[[a]]\\n"',
  'toToml { a = [ 1, { b = [ ], c = { }, }, ], `x y` = "\\"\\u{7f}\\n", }':
    '"a = [1, { b = [], c = {} }]\\n\\"x y\\" = \\"\\\\\\"\\\\u007f\\\\n\\"\\n"',
});

errors('what TOML cannot hold', {
  'toToml { a = null, }': { code: 'CAB2019', message: /'a'/, hint: /filterAttributes/ },
  'toToml { a = 9223372036854775808, }': { code: 'CAB2019', message: /64 bits/ },
  'toToml { a = x => x, }': { code: 'CAB2019', message: /TOML/ },
  'toToml [ ]': 'CAB2004',
  'toYaml [ (x => x), ]': { code: 'CAB2019', message: /YAML/ },
  'fromToml "a = 1\\na = 2"': 'CAB2017',
});
