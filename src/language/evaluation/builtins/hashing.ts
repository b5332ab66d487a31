import { digestOf } from '../../../foundation/index.ts';
import { type BuiltinDefinition, defineBuiltin } from '../builtin.ts';
import { anyTextOf, plainStringOf } from '../expect.ts';
import { type Site, asking, fault } from '../fault.ts';
import { didYouMean } from '../../../diagnostics/index.ts';
import { placeOf } from '../paths.ts';
import { force } from '../thunk.ts';
import type { Slot } from '../value.ts';

const group = 'hashing';

const algorithms = ['blake3', 'md5', 'sha1', 'sha256', 'sha512'] as const;
type Algorithm = (typeof algorithms)[number];

export const hashingBuiltins: readonly BuiltinDefinition[] = [
  defineBuiltin({
    name: 'hashString',
    group,
    signature: '"blake3" | "md5" | "sha1" | "sha256" | "sha512" -> string -> string',
    description: 'The hash of the string’s UTF-8 bytes in hexadecimal digits.',
    example: {
      expression: 'hashString "sha256" ""',
      result: '"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"',
    },
    run: (site, algorithm, string) => {
      const chosen = algorithmOf(algorithm, site, 'hashString');
      return hash(chosen, anyTextOf(force(string), site, "the string of 'hashString'"));
    },
  }),
  defineBuiltin({
    name: 'hashFile',
    group,
    signature: '"blake3" | "md5" | "sha1" | "sha256" | "sha512" -> path -> string',
    description: 'The hash of a file’s bytes in hexadecimal digits.',
    example: {
      expression: 'hashFile "sha1" ./version',
      result: '"e8dc057d3346e56aed7cf252185dbe1fa6454411"',
      files: { './version': '1.0' },
    },
    run: (site, algorithm, path) => {
      const chosen = algorithmOf(algorithm, site, 'hashFile');
      const place = placeOf(force(path), site, "the argument of 'hashFile'");
      return hash(
        chosen,
        asking(site, () => site.evaluation.world.readFile(place)),
      );
    },
  }),
];

function algorithmOf(slot: Slot, site: Site, name: string): Algorithm {
  const text = plainStringOf(force(slot), site, `the algorithm of '${name}'`);
  const found = algorithms.find((algorithm) => algorithm === text);
  if (found !== undefined) return found;
  throw fault(site.span, 'CAB2022', `'${name}' knows no algorithm '${text}'`, {
    hint: didYouMean(text, algorithms) ?? `it knows ${algorithms.join(', ')}`,
  });
}

function hash(algorithm: Algorithm, content: string | Uint8Array): string {
  if (algorithm === 'blake3') return digestOf(content);
  // Loaded only here, as most evaluations hash nothing in this way.
  return process.getBuiltinModule('node:crypto').createHash(algorithm).update(content).digest('hex');
}
