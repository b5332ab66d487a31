import { type BuiltinDefinition, defineBuiltin } from '../builtin.ts';
import { force } from '../thunk.ts';
import { type TypeName, typeNameOf } from '../types.ts';

const group = 'types';

export const typeBuiltins: readonly BuiltinDefinition[] = [
  defineBuiltin({
    name: 'typeOf',
    group,
    signature: 'any -> string',
    description: 'The name of the value’s type.',
    example: { expression: 'typeOf [ 1, ]', result: '"list"' },
    run: (_site, value) => typeNameOf(force(value)),
  }),
  typeTest('isNull', 'null', 'isNull null'),
  typeTest('isBoolean', 'boolean', 'isBoolean false'),
  typeTest('isInteger', 'integer', 'isInteger 1'),
  typeTest('isFloat', 'float', 'isFloat 1.5'),
  typeTest('isString', 'string', 'isString "a"'),
  typeTest('isPath', 'path', 'isPath ./a'),
  typeTest('isIsland', 'island', 'isIsland <github:cull-os/cab>'),
  typeTest('isList', 'list', 'isList [ ]'),
  typeTest('isAttributes', 'attributes', 'isAttributes { a = 1, }'),
  typeTest('isLambda', 'lambda', 'isLambda (x => x)'),
  typeTest('isDerivation', 'derivation', 'isDerivation (toDerivation <github:cull-os/cab>)'),
];

function typeTest(name: string, type: TypeName, expression: string): BuiltinDefinition {
  return defineBuiltin({
    name,
    group,
    signature: 'any -> boolean',
    description: `Whether the value’s type is ${type}.`,
    example: { expression, result: 'true' },
    run: (_site, value) => typeNameOf(force(value)) === type,
  });
}
