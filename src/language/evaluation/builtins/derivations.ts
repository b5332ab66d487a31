import { type BuiltinDefinition, defineBuiltin } from '../builtin.ts';
import { DerivationValue } from '../derivation-value.ts';
import { attributesOf } from '../expect.ts';
import { fault } from '../fault.ts';
import { derivationArguments } from '../make-derivation.ts';
import { force } from '../thunk.ts';
import { toDerivation } from '../to-derivation.ts';
import { phraseOf } from '../types.ts';
import { PathValue } from '../value.ts';

const group = 'derivations';

export const derivationBuiltins: readonly BuiltinDefinition[] = [
  defineBuiltin({
    name: 'derivation',
    group,
    signature:
      '{ name, builder, arguments = [ ], environment = { }, outputs = [ "out", ], requiredRealizerFeatures = [ ], fix = null, meta = … } -> derivation',
    description:
      'A build described. What its texts mention becomes its inputs; meta is for readers and changes nothing.',
    example: {
      expression:
        'derivation { name = "hello", builder = "/bin/sh", arguments = [ "-c", "echo hello > $out", ], requiredRealizerFeatures = [ "host-tools", ], }',
      result: '«derivation hello»',
    },
    run: (site, parts) => {
      const attributes = attributesOf(force(parts), site, "the argument of 'derivation'");
      return DerivationValue.fromArguments(derivationArguments(attributes, site));
    },
  }),
  defineBuiltin({
    name: 'toDerivation',
    group,
    signature: 'island | derivation -> derivation',
    description: 'The derivation that fetches an island; a derivation is itself.',
    example: { expression: '(toDerivation <github:cull-os/cab>).outputs', result: '[ "out", ]' },
    run: (site, value) => {
      const given = force(value);
      const derivation = toDerivation(given, site);
      if (derivation !== undefined) return derivation;
      throw fault(
        site.span,
        'CAB2004',
        `'toDerivation' takes an island or a derivation, not ${phraseOf(given)}`,
        {
          hint:
            given instanceof PathValue
              ? 'a path needs no derivation: where a build uses it, its tree is put into the store'
              : undefined,
        },
      );
    },
  }),
];
