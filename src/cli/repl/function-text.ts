import type { BuiltinFunction, Lambda } from '../../language/evaluation/index.ts';
import type { Expression, Parameter } from '../../language/syntax/index.ts';
import { showName } from '../../language/evaluation/index.ts';

/** The parameters of a function that it has not got, each with its arrow, such as `{ a, b = 1, ... } => x =>`. */
export function parameterText({ code, applied = [] }: Lambda): string {
  const words: string[] = [];
  let expression: Expression = code.expression;
  while (expression.kind === 'lambda') {
    words.push(`${textOf(expression.parameter)} =>`);
    expression = expression.body;
  }
  return words.slice(applied.length).join(' ');
}

function textOf(parameter: Parameter): string {
  if (parameter.kind === 'name') return parameter.name;
  const fields = parameter.fields.map(({ name, fallback }) => {
    return fallback === undefined ? showName(name) : `${showName(name)} = ${defaultText(fallback)}`;
  });
  const pattern = `{ ${[...fields, ...(parameter.open ? ['...'] : [])].join(', ')} }`;
  return parameter.bind === undefined ? pattern : `${parameter.bind.name} @ ${pattern}`;
}

/** A default that is short is told. */
function defaultText(fallback: Expression): string {
  if (fallback.kind === 'integer' || fallback.kind === 'float') return String(fallback.value);
  if (fallback.kind === 'name') return fallback.name;
  const [text = '', more] = fallback.kind === 'string' ? fallback.parts : [undefined, ''];
  const isShort = fallback.kind === 'string' && more === undefined && typeof text === 'string';
  return isShort && /^[^"\\\p{Cc}]{0,20}$/u.test(text) ? `"${text}"` : '…';
}

/** The signature of a builtin, without the arguments that it has got: of `(a -> b) -> [a] -> [b]` those behind the first arrows. */
export function signatureOf({ definition, applied }: BuiltinFunction): string {
  const { signature } = definition;
  let left = applied.length;
  let depth = 0;
  for (let index = 0; left > 0 && index < signature.length; index++) {
    const character = signature[index] as string;
    if ('([{'.includes(character)) depth++;
    if (')]}'.includes(character)) depth--;
    if (depth > 0 || !signature.startsWith('-> ', index)) continue;
    left--;
    if (left === 0) return signature.slice(index + 3);
  }
  return signature;
}
