/** Valid programs that have every form of the language between them. */
export const programs = [
  '{ system = "x", ... } => let\n  p = import <cab:packages> { system, },\nin {\n  a = p.b { c = "d\\(e)f", },\n}\n',
  'args @ { a, b = a.c or [ 1, 2.5, ./x/\\(y) ], } => self @ { "q r".`s-\\(t)` = !a && -b > 0x1F, }\n',
  'if a == b then "\n  lines\n    "of" \\(text)\n"\nelse "= raw =" # end\n#= block #= nested =# =#\n',
  '<git:{ url = "https://example.org", submodules = true, }::/sub/\\(x)>/path/\\(y).toml |> f // h ++ i\n',
  '[ 1_000, 0xFFFFFFFF, 9007199254740993, 123456789012345678901234567890, 1.5e-3, 1e300, 2147483647, 2147483648 ]\n',
  'let `a b` = {}, c.d.e = [], in x => y => z\n',
  '"\\u{1F600} \\n é 界" + "" + `q` + "\\(a)\\(b)"\n',
  '(a ? b.c."d") -> (a || b) != (f <| (g x |> h)) * 2 / 3 <= 4 // {}\n',
] as const;
