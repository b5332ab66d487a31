import { isStoreName, parseHashPart } from '../foundation/index.ts';
import { type Pins, parseClaim } from './claim.ts';
import type { DerivationParts } from './identity.ts';

/** The variables that Cab's own islands set: theirs is the program that takes them. */
const ownVariables: readonly string[] = ['CAB_UNPACK'];

/** What is wrong with a derivation's parts, as a sentence for its author, or undefined. */
export function faultOfDerivation(parts: DerivationParts): string | undefined {
  return faultOfParts(parts, []);
}

/** The same for one that was made before, be it of an island, and comes from a record or over the wire. */
export function faultOfMadeDerivation(parts: DerivationParts): string | undefined {
  return faultOfParts(parts, ownVariables);
}

function faultOfParts(parts: DerivationParts, ownNames: readonly string[]): string | undefined {
  if (!isStoreName(parts.name)) {
    return `the name '${parts.name}' may hold only letters, digits and '_+?=.-', and may not begin with '.' or '-'`;
  }
  if (parts.outputs.length === 0) return 'it has no outputs';
  for (const [index, output] of parts.outputs.entries()) {
    if (parts.outputs.indexOf(output) < index) return `the output '${output}' is named twice`;
    if (!/^[a-z][a-zA-Z0-9_]*$/.test(output)) return `the output '${output}' has not the form of a name`;
    if (Object.hasOwn(parts.environment, output)) {
      return `the environment sets '${output}', which is the name of an output`;
    }
  }
  for (const name of Object.keys(parts.environment)) {
    if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name))
      return `'${name}' cannot be the name of an environment variable`;
    if (name.startsWith('CAB_') && !ownNames.includes(name))
      return `the environment sets '${name}', and names that begin with CAB_ are reserved`;
  }
  const texts = [parts.builder, ...parts.arguments, ...Object.values(parts.environment)];
  if (texts.some((text) => text.includes('\0'))) return 'a text in it holds a NUL character';
  if (parts.fix.kind !== 'none' && parts.outputs.length !== 1)
    return 'it is fixed, and has more than one output';
  return parts.fix.kind === 'fixed' ? faultOfPins(parts.fix.pins) : undefined;
}

function faultOfPins(pins: Pins): string | undefined {
  const formats = Object.keys(pins);
  if (formats.length === 0) return 'its fix names no format';
  for (const format of formats) {
    const value = pins[format] ?? '';
    if (value.startsWith(`${format}:`)) {
      return `the value of its fix repeats the format: write only what stands behind '${format}:'`;
    }
    if (parseClaim(`${format}:${value}`) === undefined)
      return `'${format}:${value}' is not of the form format:value`;
    if (format === 'cab' && parseHashPart(value) === undefined) return `'${value}' is not a Cab hash`;
  }
  return undefined;
}
