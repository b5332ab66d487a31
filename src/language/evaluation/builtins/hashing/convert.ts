import { didYouMean } from '../../../../diagnostics/index.ts';
import { type BuiltinDefinition, defineBuiltin } from '../../builtin.ts';
import { plainStringOf } from '../../expect.ts';
import { type Site, fault } from '../../fault.ts';
import { force } from '../../thunk.ts';
import { bytesOfBase64 } from '../strings/encoding.ts';

/** How many bytes the hashes of an algorithm have. */
const sizes: Readonly<Record<string, number>> = { blake3: 32, md5: 16, sha1: 20, sha256: 32, sha512: 64 };

const formats = ['hexadecimal', 'base64', 'nix32', 'integrity'] as const;
type Format = (typeof formats)[number];

export const hashConversionBuiltins: readonly BuiltinDefinition[] = [
  defineBuiltin({
    name: 'convertHash',
    group: 'hashing',
    signature: '"hexadecimal" | "base64" | "nix32" | "integrity" -> string -> string',
    description: 'A hash, written as algorithm-base64 or algorithm:digits, in another way of writing it.',
    details:
      'The digits behind a colon may be in any of the first three formats. `"integrity"` is what `package-lock.json` and HTML call by that name, and Nix an SRI hash; it names the algorithm, the others are the digits alone.',
    example: {
      expression: 'convertHash "hexadecimal" "sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="',
      result: '"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"',
    },
    furtherExamples: [
      {
        expression: 'convertHash "integrity" "md5:d41d8cd98f00b204e9800998ecf8427e"',
        result: '"md5-1B2M2Y8AsgTpgAmY7PhCfg=="',
      },
    ],
    forces: [0, 1],
    run: (site, format, hash) => {
      const wanted = formatOf(plainStringOf(force(format), site, "the format of 'convertHash'"), site);
      const { algorithm, bytes } = parseHash(
        plainStringOf(force(hash), site, "the hash of 'convertHash'"),
        site,
      );
      return writeHash(algorithm, bytes, wanted);
    },
  }),
];

function formatOf(text: string, site: Site): Format {
  const found = formats.find((format) => format === text);
  if (found !== undefined) return found;
  throw fault(site.span, 'CAB2022', `'convertHash' knows no format '${text}'`, {
    hint: didYouMean(text, formats) ?? `it knows ${formats.join(', ')}`,
  });
}

function parseHash(text: string, site: Site): { readonly algorithm: string; readonly bytes: Uint8Array } {
  const [, algorithm = '', separator, digits = ''] = /^([a-z0-9]+)([-:])(.*)$/s.exec(text) ?? [];
  const size = sizes[algorithm];
  if (size === undefined) {
    throw fault(site.span, 'CAB2017', `"${text}" does not begin with the algorithm of a hash`, {
      hint: `write sha256: or sha256- before the digits; known are ${Object.keys(sizes).join(', ')}`,
    });
  }
  const bytes = separator === '-' ? ofSize(bytesOfBase64(digits), size) : bytesOfDigits(digits, size);
  if (bytes !== undefined) return { algorithm, bytes };
  throw fault(site.span, 'CAB2017', `"${text}" does not hold the ${size} bytes of a hash of ${algorithm}`, {
    hint:
      separator === '-'
        ? "behind '-' the hash is in base 64"
        : "behind ':' the hash is in hexadecimal digits, base 64 or Nix's base 32",
  });
}

function ofSize(bytes: Uint8Array | undefined, size: number): Uint8Array | undefined {
  return bytes?.length === size ? bytes : undefined;
}

/** The formats need different numbers of digits, so that one is told from the other. */
function bytesOfDigits(digits: string, size: number): Uint8Array | undefined {
  if (digits.length === size * 2)
    return /^[0-9a-fA-F]+$/.test(digits) ? Buffer.from(digits, 'hex') : undefined;
  return digits.length === nix32Length(size) ? readNix32(digits, size) : ofSize(bytesOfBase64(digits), size);
}

function writeHash(algorithm: string, bytes: Uint8Array, format: Format): string {
  const buffer = Buffer.from(bytes);
  if (format === 'hexadecimal') return buffer.toString('hex');
  if (format === 'nix32') return writeNix32(bytes);
  const digits = buffer.toString('base64');
  return format === 'base64' ? digits : `${algorithm}-${digits}`;
}

/** Nix's own digits: no e, o, t, u. The last byte comes first, so five bits at a time are taken from the end. */
const nix32Digits = '0123456789abcdfghijklmnpqrsvwxyz';

function nix32Length(size: number): number {
  return Math.ceil((size * 8) / 5);
}

function writeNix32(bytes: Uint8Array): string {
  let value = 0n;
  for (const byte of bytes.toReversed()) value = (value << 8n) | BigInt(byte);
  let text = '';
  for (let place = nix32Length(bytes.length) - 1; place >= 0; place--) {
    text += nix32Digits[Number((value >> BigInt(place * 5)) & 31n)] ?? '';
  }
  return text;
}

function readNix32(text: string, size: number): Uint8Array | undefined {
  let value = 0n;
  for (const digit of text) {
    const amount = nix32Digits.indexOf(digit);
    if (amount < 0) return undefined;
    value = (value << 5n) | BigInt(amount);
  }
  if (value >> BigInt(size * 8) !== 0n) return undefined;
  return Uint8Array.from({ length: size }, (_, index) => Number((value >> BigInt(index * 8)) & 255n));
}
