/** RFC 4648 base32, in lower case and without padding. */
const alphabet = 'abcdefghijklmnopqrstuvwxyz234567';
const values = new Map([...alphabet].map((character, value) => [character, value]));

/** All pairs of characters, by the ten bits that they stand for. */
const pairs = Array.from({ length: 1024 }, (_, value) => `${alphabet[value >> 5]}${alphabet[value & 31]}`);

/** How many hexadecimal digits are a whole number of characters: twenty bits, and so four. */
const digitsAtOnce = 5;

/** Bytes that are given as hexadecimal digits. That native code gives digits in half the time that it needs for bytes is why. */
export function encodeBase32(digits: string): string {
  let text = '';
  for (let start = 0; start < digits.length; start += digitsAtOnce) {
    const part = digits.slice(start, start + digitsAtOnce);
    const value = Number.parseInt(part, 16) << (4 * (digitsAtOnce - part.length));
    text += (pairs[value >> 10] as string) + (pairs[value & 1023] as string);
  }
  // A character stands for five bits, and the last one may have some that are not needed.
  return text.slice(0, Math.ceil((digits.length * 4) / 5));
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
