import assert from 'node:assert/strict';
import { test } from 'node:test';
import { builtinDefinitions } from '../../../../src/language/evaluation/index.ts';
import { type Expression, parse } from '../../../../src/language/syntax/index.ts';
import { checkError } from '../check.ts';

/** The arguments with which a text calls the builtin, where it is such a call and nothing else. */
function argumentsIn(text: string, name: string): readonly string[] | undefined {
  let { expression } = parse({ name, text });
  const words: string[] = [];
  while (expression?.kind === 'apply') {
    const argument: Expression = expression.argument;
    words.unshift(`(${text.slice(argument.start, argument.end)})`);
    expression = expression.function;
  }
  return expression?.kind === 'name' && expression.name === name ? words : undefined;
}

test('what is said of a builtin that it evaluates in any case it does evaluate', () => {
  let given = 0;
  for (const { name, arity, forces = [], example, furtherExamples = [] } of builtinDefinitions) {
    for (const { expression, files } of [example, ...furtherExamples]) {
      const words = argumentsIn(expression, name);
      if (words?.length !== arity || files !== undefined) continue;
      for (const index of forces) {
        checkError(`${name} ${words.with(index, '(throw "it is")').join(' ')}`, { code: 'CAB2010' });
        given++;
      }
    }
  }
  assert.ok(given > 200, `${given} arguments were tried`);
});
