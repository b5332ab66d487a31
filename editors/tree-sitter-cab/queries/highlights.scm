; What stands further down goes before what stands further up.

(line_comment) @comment
(block_comment) @comment

(integer) @number
(float) @number.float

(string) @string
(escape) @string.escape
(path) @string.special.path
(island) @string.special.url
(island_type) @type
(interpolation
  "\\(" @punctuation.special
  ")" @punctuation.special)

(identifier) @variable
(quoted_identifier) @variable
(key
  (identifier) @property)
(key
  (quoted_identifier) @property)
(parameter
  (identifier) @variable.parameter)
(pattern
  (binding
    (key
      (identifier) @variable.parameter)))
(pattern
  bind: (identifier) @variable.parameter)
(attributes
  bind: (identifier) @variable.parameter)

(apply
  function: (name
    (identifier) @function.call))
(apply
  function: (select
    (key
      (identifier) @function.call) .))
(binding
  (key
    (identifier) @function) .
  value: (lambda))

((identifier) @constant.builtin
  (#any-of? @constant.builtin "true" "false" "null"))
((identifier) @boolean
  (#any-of? @boolean "true" "false"))
((name
  (identifier) @function.builtin)
  (#any-of? @function.builtin "import" "derivation" "toDerivation" "throw" "assert" "trace"))

[
  "if"
  "then"
  "else"
] @keyword.conditional

[
  "let"
  "in"
] @keyword

"or" @keyword.operator

[
  "=>"
  "<|"
  "|>"
  "->"
  "||"
  "&&"
  "=="
  "!="
  "<"
  "<="
  ">"
  ">="
  "//"
  "!"
  "++"
  "+"
  "-"
  "*"
  "/"
  "?"
  "="
  "@"
] @operator

(rest) @operator

(island
  [
    "<"
    ":"
    "::/"
    ">"
  ] @punctuation.special)

[
  "("
  ")"
  "["
  "]"
  "{"
  "}"
] @punctuation.bracket

[
  ","
  "."
] @punctuation.delimiter
