import { digestOf, hashPartOf, once } from '../../foundation/index.ts';
import { type Expression, decodeSyntax, encodeSyntax } from '../syntax/index.ts';
import { globalNames } from './builtins/index.ts';
import type { World } from './world.ts';

/** A text whose names were all found may lack one where there are other builtins. */
const variant = once(() => hashPartOf(digestOf(Buffer.from([...globalNames.keys()].join('\n')))));

/**
 * The expression that a file is: as it was kept by the world, or else parsed and kept. What is kept has no mistakes, and takes
 * a fraction of the time to load, since only what is evaluated of it is looked at.
 */
export function keptSyntax(world: World, file: Uint8Array, parseFile: () => Expression): Expression {
  if (world.findSyntax === undefined) return parseFile();
  const kept = world.findSyntax(file, variant());
  const known = kept === undefined ? undefined : decodeSyntax(kept, file.length);
  if (known !== undefined) return known;
  const expression = parseFile();
  world.keepSyntax?.(file, variant(), encodeSyntax(expression, file.length));
  return expression;
}
