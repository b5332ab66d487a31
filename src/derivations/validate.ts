import { isStoreName } from '../foundation/index.ts';
import { parseClaim } from './claim.ts';
import type { DerivationParts } from './identity.ts';

/** What is wrong with a derivation's parts, as a sentence for its author, or undefined. */
export function faultOfDerivation(parts: DerivationParts): string | undefined {
  if (!isStoreName(parts.name)) {
    return `the name '${parts.name}' may hold only letters, digits and '_+?=.-', and may not begin with '.' or '-'`;
  }
  if (parts.outputs.length === 0) return 'it has no outputs';
  for (const output of parts.outputs) {
    if (!/^[a-z][a-zA-Z0-9_]*$/.test(output)) return `the output '${output}' has not the form of a name`;
    if (Object.hasOwn(parts.environment, output)) {
      return `the environment sets '${output}', which is the name of an output`;
    }
  }
  for (const name of Object.keys(parts.environment)) {
    if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name))
      return `'${name}' cannot be the name of an environment variable`;
    if (name.startsWith('CAB_'))
      return `the environment sets '${name}', and names that begin with CAB_ are reserved`;
  }
  const texts = [parts.builder, ...parts.arguments, ...Object.values(parts.environment)];
  if (texts.some((text) => text.includes('\0'))) return 'a text in it holds a NUL character';
  if (parts.fix.kind !== 'none' && parts.outputs.length !== 1)
    return 'it is fixed, and has more than one output';
  if (parts.fix.kind === 'fixed' && parseClaim(`${parts.fix.format}:${parts.fix.value}`) === undefined) {
    return `'${parts.fix.format}:${parts.fix.value}' is not of the form format:value`;
  }
  return undefined;
}
