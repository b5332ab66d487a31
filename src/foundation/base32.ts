/** RFC 4648 base32, in lower case and without padding. */
const alphabet = 'abcdefghijklmnopqrstuvwxyz234567';
const values = new Map([...alphabet].map((character, value) => [character, value]));

/** Two characters at a time: hash parts are made all the time. */
const pairs = Array.from({ length: 1024 }, (_, value) => `${alphabet[value >> 5]}${alphabet[value & 31]}`);

export function encodeBase32(bytes: Uint8Array): string {
  let text = '';
  let buffer = 0;
  let bits = 0;
  for (let index = 0; index < bytes.length; index++) {
    buffer = (buffer << 8) | (bytes[index] as number);
    bits += 8;
    if (bits < 10) continue;
    bits -= 10;
    text += pairs[buffer >>> bits];
    buffer &= (1 << bits) - 1;
  }
  if (bits >= 5) {
    bits -= 5;
    text += alphabet[buffer >>> bits];
    buffer &= (1 << bits) - 1;
  }
  if (bits > 0) text += alphabet[(buffer << (5 - bits)) & 31];
  return text;
}

/** The bytes, or undefined where a character is not of the alphabet. */
export function decodeBase32(text: string): Uint8Array | undefined {
  const bytes: number[] = [];
  let buffer = 0;
  let bits = 0;
  for (const character of text) {
    const value = values.get(character);
    if (value === undefined) return undefined;
    buffer = (buffer << 5) | value;
    bits += 5;
    if (bits >= 8) {
      bits -= 8;
      bytes.push((buffer >>> bits) & 255);
    }
    buffer &= (1 << bits) - 1;
  }
  return Uint8Array.from(bytes);
}
