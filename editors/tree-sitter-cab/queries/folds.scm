[
  (attributes)
  (pattern)
  (list)
  (let)
  (parenthesized)
  (string)
  (block_comment)
] @fold
