/** Texts that nest, each as what goes before the innermost expression and what behind it. */
export const nestedShapes: Readonly<Record<string, readonly [string, string]>> = {
  parentheses: ['(', ')'],
  lists: ['[', ']'],
  attributes: ['{ a = ', '}'],
  'named attributes': ['a @ { b = ', '}'],
  lambdas: ['x => ', ''],
  'lambdas with patterns': ['{ x, } => ', ''],
  defaults: ['{ x = ', '} => x'],
  not: ['!', ''],
  minus: ['-', ''],
  implications: ['a -> ', ''],
  concatenations: ['a ++ ', ''],
  updates: ['a // ', ''],
  'calls to the right': ['f <| ', ''],
  'arguments in parentheses': ['f (', ')'],
  fallbacks: ['a.b or ', ''],
  interpolations: ['"\\(', ')"'],
  'interpolations in names': ['a.`\\(', ')`'],
  'islands with interpolations': ['<a:\\(', ')>'],
  'islands with options': ['<a:{ b = ', '}>'],
  paths: ['./\\(', ')'],
  if: ['if a then ', ' else b'],
  conditions: ['if ', ' then a else b'],
  'else if': ['if a then b else ', ''],
  let: ['let a = ', ', in a'],
  'let in let': ['let a = b, in ', ''],
};

/** Chains that go on to the right and group to the left, each as the first part and what follows it. */
export const chainShapes: Readonly<Record<string, readonly [string, string]>> = {
  sums: ['a', ' + a'],
  products: ['a', ' * a'],
  disjunctions: ['a', ' || a'],
  calls: ['f', ' x'],
  pipes: ['a', ' |> f'],
  selections: ['a', '.b'],
  questions: ['a', ' ? b'],
};
