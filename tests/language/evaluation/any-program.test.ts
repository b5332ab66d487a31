import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { DiagnosticError } from '../../../src/diagnostics/index.ts';
import { builtinDefinitions } from '../../../src/language/evaluation/index.ts';
import { evaluate } from './check.ts';
import { MemoryWorld } from './memory-world.ts';

const names = fc.constantFrom('a', 'b', 'c');
const operators = fc.constantFrom('+', '-', '*', '/', '++', '//', '==', '<', '>=', '&&', '||', '->');
const atoms = fc.constantFrom(
  '0',
  '-1',
  '2.5',
  '99999999999999999999',
  '"x"',
  '"1.2"',
  '[ ]',
  '{ }',
  'true',
  'null',
  './a',
  '<github:o/r>',
  'derivation { name = "d", builder = "b", }',
  '"\\(derivation { name = "d", builder = ./a, })"',
);
const builtins = fc.constantFrom(...builtinDefinitions.map(({ name }) => name));

/** Programs that parse and whose names are bound, and most of which are wrong. */
const { program } = fc.letrec<Record<'program' | 'expression', string>>((tie) => ({
  program: tie('expression').map(
    (body) => `let a = 1, b = [ 2, 1, ], c = { a = b, name = "n", value = c, }, in ${body}`,
  ),
  expression: fc.oneof(
    { maxDepth: 5, depthSize: 'medium' },
    atoms,
    names,
    builtins,
    fc
      .tuple(tie('expression'), operators, tie('expression'))
      .map((parts) => `((${parts[0]}) ${parts[1]} (${parts[2]}))`),
    fc.tuple(builtins, tie('expression')).map(([f, x]) => `(${f} (${x}))`),
    fc.tuple(builtins, tie('expression'), tie('expression')).map(([f, x, y]) => `(${f} (${x}) (${y}))`),
    fc
      .tuple(builtins, names, tie('expression'), tie('expression'))
      .map(([f, n, x, y]) => `(${f} (${n} => ${x}) (${y}))`),
    fc.tuple(tie('expression'), tie('expression')).map(([f, x]) => `((${f}) (${x}))`),
    fc.tuple(names, tie('expression')).map(([name, body]) => `(${name} => ${body})`),
    fc
      .tuple(names, tie('expression'), tie('expression'))
      .map(([n, x, body]) => `({ ${n} = ${x}, ... } => ${body})`),
    fc
      .tuple(names, tie('expression'), tie('expression'))
      .map(([n, x, body]) => `(let ${n} = ${x}, in ${body})`),
    fc
      .tuple(names, tie('expression'), names)
      .map(([n, x, m]) => `(${n} @ { ${m} = ${x}, ${n}_.${m} = ${n}, })`),
    fc.tuple(tie('expression'), names, tie('expression')).map(([x, n, y]) => `((${x}).${n} or (${y}))`),
    fc.tuple(tie('expression'), names).map(([x, n]) => `((${x}) ? ${n})`),
    fc
      .tuple(tie('expression'), tie('expression'), tie('expression'))
      .map(([x, y, z]) => `(if ${x} then ${y} else ${z})`),
    fc
      .array(tie('expression'), { maxLength: 3 })
      .map((items) => `[ ${items.map((item) => `(${item}),`).join(' ')} ]`),
    tie('expression').map((x) => `"<\\(${x})>"`),
  ),
}));

/** What a program comes to: what is shown for it, or what is said against it. */
function outcomeOf(text: string): string {
  const world = new MemoryWorld({
    '/a': '1',
    '/default.cab': 'x => x',
    'island:github:o/r:/default.cab': '{ }',
  });
  try {
    const { evaluator, value } = evaluate(text, world);
    evaluator.forceDeep(value);
    return evaluator.show(value, { depth: 6 });
  } catch (error) {
    if (!(error instanceof DiagnosticError)) throw error;
    const [first] = error.diagnostics;
    // How deep an evaluation can go is the machine's matter, and so is where exactly it stops.
    if (first?.code === 'CAB2003') return first.code;
    assert.ok(first?.primary !== undefined, `a place is missing: ${error.message}`);
    return `${error.message} at ${first.primary.span.start}`;
  }
}

test('any program comes to a value or to a diagnostic with a place, and always to the same', () => {
  fc.assert(
    fc.property(program, (text) => {
      assert.equal(outcomeOf(text), outcomeOf(text));
    }),
    { numRuns: 1500 },
  );
});
