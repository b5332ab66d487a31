import { once } from '../../../foundation/index.ts';

/** What a token that begins with an ASCII character can be. */
export const starts = {
  symbol: 0,
  blank: 1,
  name: 2,
  digit: 3,
  bracket: 4,
  separator: 5,
  quote: 6,
  comment: 7,
} as const;

/** For each ASCII character what begins with it. */
export const startOf = classes([
  [' \t\r\n', starts.blank],
  ['abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_', starts.name],
  ['0123456789', starts.digit],
  ['()[]{}', starts.bracket],
  [',;', starts.separator],
  ['"`', starts.quote],
  ['#', starts.comment],
]);

const namePart = classes([["abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_'", 1]]);

const letter = once(() => /^[\p{L}_]$/u);
const nameCharacter = once(() => /^[\p{L}\p{M}\p{N}_']$/u);

const hyphen = 0x2d;

function classes(members: readonly (readonly [string, number])[]): Uint8Array {
  const table = new Uint8Array(128);
  for (const [characters, value] of members) {
    for (const character of characters) table[character.charCodeAt(0)] = value;
  }
  return table;
}

/** The code point at an offset as a string, one half of a surrogate pair where that stands alone. */
export function characterAt(text: string, offset: number): string {
  return String.fromCodePoint(text.codePointAt(offset) as number);
}

/** Whether the character is a letter, in any script. */
export function isLetter(character: string): boolean {
  return letter().test(character);
}

/** Whether the character belongs to a name when it stands in one. */
export function isNameCharacter(character: string): boolean {
  const code = character.charCodeAt(0);
  return code < 0x80 ? namePart[code] === 1 : nameCharacter().test(character);
}

/**
 * Where the name ends whose first character ends at `from`. A hyphen belongs to it only where it goes on behind the hyphen, so
 * that `a->b` is an implication.
 */
export function endOfName(text: string, from: number): number {
  let end = from;
  while (end < text.length) {
    const code = text.charCodeAt(end);
    if (code < 0x80 && namePart[code] === 1) {
      end++;
      continue;
    }
    let next = end;
    while (text.charCodeAt(next) === hyphen) next++;
    if (next === text.length) return end;
    // Properties of Unicode are only asked where they can matter: they cost more than all the rest.
    const character = code < 0x80 && next === end ? '' : characterAt(text, next);
    if (character === '' || !isNameCharacter(character)) return end;
    end = next + character.length;
  }
  return end;
}

/** Where the blanks and line ends end that go on at `from`. */
export function endOfBlanks(text: string, from: number): number {
  let end = from;
  for (; end < text.length; end++) {
    const code = text.charCodeAt(end);
    if (code !== 0x20 && code !== 0x0a && code !== 0x0d && code !== 0x09) break;
  }
  return end;
}
