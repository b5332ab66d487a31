import type { Expression } from '../expression.ts';
import { checksumOf, header, headerWords, magic, version } from './format.ts';
import { StoredSyntax } from './stored-syntax.ts';

/**
 * The expression that `encodeSyntax` wrote, or undefined for anything else: other bytes, another version, the encoding of a text of
 * another length. Its parts are made when they are asked for, and then stay the same objects.
 */
export function decodeSyntax(bytes: Uint8Array, textLength: number): Expression | undefined {
  const words = wordsOf(bytes);
  if (words === undefined) return undefined;
  const [first, second] = checksumOf(words);
  if (words[header.checksum] !== first || words[header.checksum + 1] !== second) return undefined;
  if (words[header.textLength] !== textLength) return undefined;
  return new StoredSyntax(words).expression(headerWords);
}

/** The bytes as words, if they can be an encoding of this version. */
function wordsOf(bytes: Uint8Array): Int32Array | undefined {
  if (bytes.length < headerWords * 4 || bytes.length % 4 !== 0) return undefined;
  // Words lie at multiples of four, and what a file was read into may begin anywhere.
  const aligned = bytes.byteOffset % 4 === 0 ? bytes : new Uint8Array(bytes);
  const words = new Int32Array(aligned.buffer, aligned.byteOffset, aligned.length / 4);
  return words[header.magic] === magic && words[header.version] === version ? words : undefined;
}
