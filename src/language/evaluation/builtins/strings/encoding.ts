import { type BuiltinDefinition, defineBuiltin } from '../../builtin.ts';
import { ContextCollector, contextOf, textOf, withContext } from '../../context.ts';
import { anyTextOf, listOf, plainStringOf } from '../../expect.ts';
import { type Site, fault } from '../../fault.ts';
import { allOf } from '../../fork.ts';
import { toText } from '../../interpolate.ts';
import { force } from '../../thunk.ts';
import type { ContextString, Slot } from '../../value.ts';

const group = 'strings';

/** Strings written for something else to read: a shell, an address, base 64. */
export const encodingBuiltins: readonly BuiltinDefinition[] = [
  defineBuiltin({
    name: 'escapeShellArgument',
    group,
    signature: 'any -> string',
    description: 'The value as it stands in a text, quoted so that a shell reads it as one argument.',
    example: { expression: 'escapeShellArgument "it\'s here"', result: "\"'it'\\\\''s here'\"" },
    furtherExamples: [{ expression: 'escapeShellArgument "--name=cab"', result: '"--name=cab"' }],
    forces: [0],
    run: (site, value) => {
      const string = toText(force(value), site, 'an argument of a shell');
      return withContext(quoted(textOf(string), site), contextOf(string));
    },
  }),
  defineBuiltin({
    name: 'escapeShellArguments',
    group,
    signature: '[any] -> string',
    description: 'The values of the list as arguments of a shell, with spaces between them.',
    example: { expression: 'escapeShellArguments [ "a b", 2, ]', result: '"\'a b\' 2"' },
    forces: [0],
    run: (site, list) => {
      const contexts = new ContextCollector();
      const words = allOf(listOf(force(list), site, "the list of 'escapeShellArguments'"), (slot) => {
        const string: string | ContextString = toText(force(slot), site, 'an argument of a shell');
        contexts.add(contextOf(string));
        return quoted(textOf(string), site);
      });
      return withContext(words.join(' '), contexts.context);
    },
  }),
  defineBuiltin({
    name: 'encodeUrl',
    group,
    signature: 'string -> string',
    description: 'The string as a part of a URL: all but letters, digits and - . _ ~ becomes bytes in %XX.',
    example: { expression: 'encodeUrl "a b/ü"', result: '"a%20b%2F%C3%BC"' },
    forces: [0],
    run: (site, string) =>
      encodeURIComponent(encodable(string, site, 'encodeUrl')).replace(
        /[!'()*]/g,
        (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
      ),
  }),
  defineBuiltin({
    name: 'decodeUrl',
    group,
    signature: 'string -> string',
    description: 'The string with the bytes that are written as %XX, which must be UTF-8.',
    example: { expression: 'decodeUrl "a%20b%2F%C3%BC"', result: '"a b/ü"' },
    forces: [0],
    run: (site, string) => {
      const text = anyTextOf(force(string), site, "the string of 'decodeUrl'");
      try {
        return decodeURIComponent(text);
      } catch {
        throw fault(site.span, 'CAB2017', `"${text}" is not encoded as a part of a URL`, {
          hint: 'each % is followed by two hexadecimal digits, and the bytes together are UTF-8',
        });
      }
    },
  }),
  defineBuiltin({
    name: 'encodeBase64',
    group,
    signature: 'string -> string',
    description: 'The UTF-8 bytes of the string in base 64.',
    example: { expression: 'encodeBase64 "cab"', result: '"Y2Fi"' },
    forces: [0],
    run: (site, string) => Buffer.from(encodable(string, site, 'encodeBase64')).toString('base64'),
  }),
  defineBuiltin({
    name: 'decodeBase64',
    group,
    signature: 'string -> string',
    description:
      'The string whose UTF-8 bytes are written in base 64; the signs = at the end may be missing.',
    example: { expression: 'decodeBase64 "Y2Fi"', result: '"cab"' },
    forces: [0],
    run: (site, string) => {
      const text = anyTextOf(force(string), site, "the string of 'decodeBase64'");
      return utf8Of(bytesOfBase64(text), text, 'base 64', site);
    },
  }),
  defineBuiltin({
    name: 'encodeHexadecimal',
    group,
    signature: 'string -> string',
    description: 'The UTF-8 bytes of the string, each in two hexadecimal digits.',
    example: { expression: 'encodeHexadecimal "cab"', result: '"636162"' },
    forces: [0],
    run: (site, string) => Buffer.from(encodable(string, site, 'encodeHexadecimal')).toString('hex'),
  }),
  defineBuiltin({
    name: 'decodeHexadecimal',
    group,
    signature: 'string -> string',
    description: 'The string whose UTF-8 bytes are written in hexadecimal digits.',
    example: { expression: 'decodeHexadecimal "636162"', result: '"cab"' },
    forces: [0],
    run: (site, string) => {
      const text = anyTextOf(force(string), site, "the string of 'decodeHexadecimal'");
      const bytes = /^(?:[0-9a-fA-F]{2})*$/.test(text) ? Buffer.from(text, 'hex') : undefined;
      return utf8Of(bytes, text, 'hexadecimal digits', site);
    },
  }),
];

/** A word that no shell changes stands as it is. */
function quoted(text: string, site: Site): string {
  if (text.includes('\0'))
    throw fault(site.span, 'CAB2022', 'an argument of a shell holds no null character');
  return /^[\w,.+:@%/=-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`;
}

/** A placeholder must not be hidden in an encoding: the build could not find it to put the real path there. */
function encodable(slot: Slot, site: Site, name: string): string {
  return plainStringOf(force(slot), site, `the string of '${name}'`);
}

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Bytes of base 64 in one way of writing them only: nothing but its digits, and no bits set behind the last byte. */
export function bytesOfBase64(text: string): Uint8Array | undefined {
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(text)) return undefined;
  const digits = text.replace(/=+$/, '');
  const bytes = Buffer.from(digits, 'base64');
  const full = bytes.toString('base64');
  return full.replace(/=+$/, '') === digits && (text === digits || text === full) ? bytes : undefined;
}

function utf8Of(bytes: Uint8Array | undefined, text: string, format: string, site: Site): string {
  const shown = text.length > 60 ? `${text.slice(0, 60)}…` : text;
  if (bytes === undefined) throw fault(site.span, 'CAB2017', `"${shown}" is not in ${format}`);
  try {
    return decoder.decode(bytes);
  } catch {
    throw fault(site.span, 'CAB2017', `the bytes that "${shown}" writes in ${format} are not UTF-8`, {
      hint: 'a string holds text; other bytes have to stay encoded',
    });
  }
}
