/** Expressions of Cab, and of Nix with the same meaning. Both are texts as they are written, so backslashes are those of the languages. */
export const nixPairs: readonly (readonly [cab: string, nix: string])[] = [
  ['1 + 2 * 3 - 4', '1 + 2 * 3 - 4'],
  ['[ 7 / 2, -7 / 2, 7 / -2, ]', '[ (7 / 2) (-7 / 2) (7 / -2) ]'],
  ['[ 1 / 2.0, 1.5 + 1, 0.25 + 0.5, 2.5 * 2, ]', '[ (1 / 2.0) (1.5 + 1) (0.25 + 0.5) (2.5 * 2) ]'],
  ['[ 1 == 1.0, 1 < 1.5, 2 >= 2, 3 != 4, ]', '[ (1 == 1.0) (1 < 1.5) (2 >= 2) (3 != 4) ]'],
  ['[ "a" < "b", "ab" < "b", "B" < "a", "" < "a", ]', '[ ("a" < "b") ("ab" < "b") ("B" < "a") ("" < "a") ]'],
  ['[ [ 1, 2, ] < [ 1, 3, ], [ 1, ] < [ 1, 0, ], ]', '[ ([ 1 2 ] < [ 1 3 ]) ([ 1 ] < [ 1 0 ]) ]'],
  [
    '[ [ 1, { a = 2, }, ] == [ 1, { a = 2, }, ], { a = 1, } == { b = 1, }, ]',
    '[ ([ 1 { a = 2; } ] == [ 1 { a = 2; } ]) ({ a = 1; } == { b = 1; }) ]',
  ],
  ['(x => x) == (x => x)', '(x: x) == (x: x)'],
  [
    '[ true && false, true || false, true -> false, false -> true, !true, ]',
    '[ (true && false) (true || false) (true -> false) (false -> true) (!true) ]',
  ],
  ['true || false && false', 'true || false && false'],
  ['false -> false -> false', 'false -> false -> false'],
  ['[ 1 - 2 - 3, 100 / 10 / 5, 2 * 3 / 4, ]', '[ (1 - 2 - 3) (100 / 10 / 5) (2 * 3 / 4) ]'],
  ['!{ a = 1, } ? a', '!{ a = 1; } ? a'],
  ['-(2 + 3)', '-(2 + 3)'],
  ['let a = b + 1, b = 2, in a', 'let a = b + 1; b = 2; in a'],
  [
    'let f = n => if n == 0 then 1 else n * f (n - 1), in f 20',
    'let f = n: if n == 0 then 1 else n * f (n - 1); in f 20',
  ],
  [
    'let fib = n => if n < 2 then n else fib (n - 1) + fib (n - 2), in map fib (range 0 15)',
    'let fib = n: if n < 2 then n else fib (n - 1) + fib (n - 2); in map fib (builtins.genList (i: i) 16)',
  ],
  [
    'let even = n => n == 0 || odd (n - 1), odd = n => n != 0 && even (n - 1), in [ even 10, odd 7, ]',
    'let even = n: n == 0 || odd (n - 1); odd = n: n != 0 && even (n - 1); in [ (even 10) (odd 7) ]',
  ],
  ['self @ { a = self.b + 1, b = 1, }', 'rec { a = b + 1; b = 1; }'],
  ['{ a.b.c = 1, a.d = 2, }', '{ a.b.c = 1; a.d = 2; }'],
  ['let n = "x", in { `\\(n)-y` = 1, }', 'let n = "x"; in { "${n}-y" = 1; }'],
  ['{ a.b = 1, }.a.c or 2', '{ a.b = 1; }.a.c or 2'],
  [
    '[ { a.b = 1, } ? a.b, { a.b = 1, } ? a.c, { } ? a.b, ]',
    '[ ({ a.b = 1; } ? a.b) ({ a.b = 1; } ? a.c) ({ } ? a.b) ]',
  ],
  [
    '{ a = 1, b = { c = 1, }, } // { b = { d = 2, }, e = 3, }',
    '{ a = 1; b = { c = 1; }; } // { b = { d = 2; }; e = 3; }',
  ],
  ['[ 1, ] ++ [ 2, ] ++ [ ]', '[ 1 ] ++ [ 2 ] ++ [ ]'],
  ['({ a, b = a * 2, } => [ a, b, ]) { a = 4, }', '({ a, b ? a * 2 }: [ a b ]) { a = 4; }'],
  ['(args @ { a, ... } => args.b + a) { a = 1, b = 2, }', '(args@{ a, ... }: args.b + a) { a = 1; b = 2; }'],
  ['(args @ { a = 5, } => args ? a) { }', '(args@{ a ? 5 }: args ? a) { }'],
  ['functionArguments ({ a, b = 1, } => a)', 'builtins.functionArgs ({ a, b ? 1 }: a)'],
  ['let add = a => b => a + b, in map (add 10) [ 1, 2, ]', 'let add = a: b: a + b; in map (add 10) [ 1 2 ]'],
  [
    'let fix = f => let x = f x, in x, in (fix (self => { a = 1, b = self.a + 1, })).b',
    'let fix = f: let x = f x; in x; in (fix (self: { a = 1; b = self.a + 1; })).b',
  ],
  ['let x = throw "no", in (y => 1) x', 'let x = throw "no"; in (y: 1) x'],
  ['length [ throw "a", throw "b", ]', 'builtins.length [ (throw "a") (throw "b") ]'],
  ['head (map (x => x + 1) [ 1, throw "b", ])', 'builtins.head (map (x: x + 1) [ 1 (throw "b") ])'],
  ['(tryEvaluate (throw "no")).success', '(builtins.tryEval (throw "no")).success'],
  ['tryEvaluate (1 + 1)', 'builtins.tryEval (1 + 1)'],
  [
    'attributeNames { b = 1, a = 2, B = 3, `10` = 4, `9` = 5, }',
    'builtins.attrNames { b = 1; a = 2; B = 3; "10" = 4; "9" = 5; }',
  ],
  ['attributeValues { b = 1, a = 2, }', 'builtins.attrValues { b = 1; a = 2; }'],
  [
    'mapAttributes (n => v => "\\(n)\\(v)") { a = 1, b = 2, }',
    'builtins.mapAttrs (n: v: "${n}${toString v}") { a = 1; b = 2; }',
  ],
  ['removeAttributes [ "a", "z", ] { a = 1, b = 2, }', 'removeAttrs { a = 1; b = 2; } [ "a" "z" ]'],
  [
    'intersectAttributes { a = 1, b = 2, } { b = 3, c = 4, }',
    'builtins.intersectAttrs { a = 1; b = 2; } { b = 3; c = 4; }',
  ],
  [
    'attributesFromList [ { name = "a", value = 1, }, { name = "a", value = 2, }, ]',
    'builtins.listToAttrs [ { name = "a"; value = 1; } { name = "a"; value = 2; } ]',
  ],
  [
    'collectAttribute "a" [ { a = 1, }, { b = 2, }, { a = 3, }, ]',
    'builtins.catAttrs "a" [ { a = 1; } { b = 2; } { a = 3; } ]',
  ],
  [
    '[ hasAttribute "a" { a = 1, }, getAttribute "a" { a = 1, }, ]',
    '[ (builtins.hasAttr "a" { a = 1; }) (builtins.getAttr "a" { a = 1; }) ]',
  ],
  [
    'zipAttributes (n => v => v) [ { a = 1, }, { a = 2, b = 3, }, ]',
    'builtins.zipAttrsWith (n: v: v) [ { a = 1; } { a = 2; b = 3; } ]',
  ],
  ['filter (x => x > 1) [ 1, 2, 3, ]', 'builtins.filter (x: x > 1) [ 1 2 3 ]'],
  ['foldLeft (a => b => a - b) 0 [ 1, 2, 3, ]', "builtins.foldl' (a: b: a - b) 0 [ 1 2 3 ]"],
  [
    '[ head [ 1, 2, ], tail [ 1, 2, ], elementAt 1 [ 1, 2, ], ]',
    '[ (builtins.head [ 1 2 ]) (builtins.tail [ 1 2 ]) (builtins.elemAt [ 1 2 ] 1) ]',
  ],
  ['generateList (i => i * i) 5', 'builtins.genList (i: i * i) 5'],
  ['sort (a => b => a < b) [ 3, 1, 2, 1, ]', 'builtins.sort (a: b: a < b) [ 3 1 2 1 ]'],
  [
    'map (x => x.n) (sort (a => b => a.k < b.k) [ { k = 1, n = "a", }, { k = 0, n = "b", }, { k = 1, n = "c", }, ])',
    'map (x: x.n) (builtins.sort (a: b: a.k < b.k) [ { k = 1; n = "a"; } { k = 0; n = "b"; } { k = 1; n = "c"; } ])',
  ],
  ['partition (x => x > 1) [ 1, 2, 0, 3, ]', 'builtins.partition (x: x > 1) [ 1 2 0 3 ]'],
  [
    'groupBy (x => if x > 1 then "many" else "few") [ 3, 1, 2, ]',
    'builtins.groupBy (x: if x > 1 then "many" else "few") [ 3 1 2 ]',
  ],
  [
    '[ any (x => x > 2) [ 1, 3, ], all (x => x > 2) [ ], contains 1 [ 2, 1.0, ], ]',
    '[ (builtins.any (x: x > 2) [ 1 3 ]) (builtins.all (x: x > 2) [ ]) (builtins.elem 1 [ 2 1.0 ]) ]',
  ],
  [
    '[ concatenateLists [ [ 1, ], [ [ 2, ], ], ], concatMap (x => [ x, x, ]) [ 1, 2, ], ]',
    '[ (builtins.concatLists [ [ 1 ] [ [ 2 ] ] ]) (builtins.concatMap (x: [ x x ]) [ 1 2 ]) ]',
  ],
  [
    'map (x => x.key) (genericClosure { startSet = [ { key = 1, }, ], operator = x => if x.key < 4 then [ { key = x.key + 1, }, { key = x.key * 2, }, ] else [ ], })',
    'map (x: x.key) (builtins.genericClosure { startSet = [ { key = 1; } ]; operator = x: if x.key < 4 then [ { key = x.key + 1; } { key = x.key * 2; } ] else [ ]; })',
  ],
  ['let a = { n = 1, next = a, }, in a.next.next.n', 'let a = { n = 1; next = a; }; in a.next.next.n'],
  ['"a\\n\\t\\"\\\\" + "b"', '"a\\n\\t\\"\\\\" + "b"'],
  ['"\n  a\n    b\n\n  c \\(1 + 1)\n"', "''\n  a\n    b\n\n  c ${toString (1 + 1)}''"],
  [
    '[ stringLength "abc", substring 1 3 "abcdef", substring 4 9 "abcdef", ]',
    '[ (builtins.stringLength "abc") (builtins.substring 1 3 "abcdef") (builtins.substring 4 9 "abcdef") ]',
  ],
  ['join ", " [ "a", "b", ]', 'builtins.concatStringsSep ", " [ "a" "b" ]'],
  ['replace [ "a", "ab", ] [ "1", "2", ] "abba"', 'builtins.replaceStrings [ "a" "ab" ] [ "1" "2" ] "abba"'],
  [
    '[ match "([a-z]+)-([0-9]+)" "cab-12", match "a" "ab", match "(a)|(b)" "b", ]',
    '[ (builtins.match "([a-z]+)-([0-9]+)" "cab-12") (builtins.match "a" "ab") (builtins.match "(a)|(b)" "b") ]',
  ],
  [
    '[ hashString "md5" "abc", hashString "sha1" "abc", hashString "sha256" "ü", hashString "sha512" "", ]',
    '[ (builtins.hashString "md5" "abc") (builtins.hashString "sha1" "abc") (builtins.hashString "sha256" "ü") (builtins.hashString "sha512" "") ]',
  ],
  [
    'fromJson "{\\"a\\": [1, 2.5, null, true, \\"x\\\\n\\"]}"',
    'builtins.fromJSON "{\\"a\\": [1, 2.5, null, true, \\"x\\\\n\\"]}"',
  ],
  ['toJson { b = [ 1, null, ], a = "x\\n", }', 'builtins.toJSON { b = [ 1 null ]; a = "x\\n"; }'],
  [
    'fromToml "a = 1\\nb = [true, 2.5]\\n[t.u]\\ns = \'x\'"',
    'builtins.fromTOML "a = 1\\nb = [true, 2.5]\\n[t.u]\\ns = \'x\'"',
  ],
  [
    'map (v => compareVersions v "1.0") [ "1.0", "1.0a", "1.0pre", "1.0.1", "0.9", "2", "1.0rc1", ]',
    'map (v: builtins.compareVersions v "1.0") [ "1.0" "1.0a" "1.0pre" "1.0.1" "0.9" "2" "1.0rc1" ]',
  ],
  [
    'map parseVersion [ "1.10rc2", "2-beta.3", "", "1..2", ]',
    'map builtins.splitVersion [ "1.10rc2" "2-beta.3" "" "1..2" ]',
  ],
  [
    'map parsePackageName [ "python-tools-1.2", "cab", "a-b-c", "x-1-2", ]',
    'map builtins.parseDrvName [ "python-tools-1.2" "cab" "a-b-c" "x-1-2" ]',
  ],
  [
    '[ bitAnd 12 10, bitOr 12 10, bitXor 12 10, bitAnd (-1) 255, ]',
    '[ (builtins.bitAnd 12 10) (builtins.bitOr 12 10) (builtins.bitXor 12 10) (builtins.bitAnd (-1) 255) ]',
  ],
  [
    '[ floor 2.7, floor (-2.1), ceiling 2.1, ceiling (-2.7), ]',
    '[ (builtins.floor 2.7) (builtins.floor (-2.1)) (builtins.ceil 2.1) (builtins.ceil (-2.7)) ]',
  ],
  [
    '[ isNull null, isList [ ], isAttributes { }, isLambda (x => x), isString "", isInteger 1, isFloat 1.0, isBoolean true, ]',
    '[ (isNull null) (builtins.isList [ ]) (builtins.isAttrs { }) (builtins.isFunction (x: x)) (builtins.isString "") (builtins.isInt 1) (builtins.isFloat 1.0) (builtins.isBool true) ]',
  ],
  ['[ baseName "a/b/c", baseName "c", ]', '[ (baseNameOf "a/b/c") (baseNameOf "c") ]'],
  ['forceDeep [ 1, { a = 2, }, ] 3', 'builtins.deepSeq [ 1 { a = 2; } ] 3'],
];
