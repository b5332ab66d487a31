(lambda) @local.scope
(let) @local.scope
(attributes
  bind: (identifier)) @local.scope

(parameter
  (identifier) @local.definition.parameter)
(pattern
  bind: (identifier) @local.definition.parameter)
(pattern
  (binding
    .
    (key
      (identifier) @local.definition.parameter)))
(attributes
  bind: (identifier) @local.definition.var)
(let
  (binding
    .
    (key
      (identifier) @local.definition.var)))

(name
  (identifier) @local.reference)
