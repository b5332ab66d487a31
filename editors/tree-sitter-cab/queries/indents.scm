[
  (attributes)
  (pattern)
  (list)
  (parenthesized)
  (let)
  (if)
] @indent.begin

[
  "}"
  "]"
  ")"
  "in"
  "else"
] @indent.branch

[
  "}"
  "]"
  ")"
] @indent.end

[
  (line_comment)
  (block_comment)
  (string)
] @indent.auto
