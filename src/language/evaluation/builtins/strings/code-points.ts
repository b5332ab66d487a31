// Strings are counted and cut by code points: what JavaScript keeps as two units is one of them.

const surrogate = /[\ud800-\udfff]/;

export function codePointsIn(text: string): number {
  if (!surrogate.test(text)) return text.length;
  let count = 0;
  for (let index = 0; index < text.length; index += unitsAt(text, index)) count++;
  return count;
}

export function sliceCodePoints(text: string, from: number, count: number): string {
  const start = advance(text, 0, from);
  return text.slice(start, advance(text, start, count));
}

/** The offset that lies so many code points further. */
function advance(text: string, offset: number, count: number): number {
  // Where each code point up to there is one unit, they need not be counted.
  if (!surrogate.test(text.slice(offset, offset + count))) return Math.min(offset + count, text.length);
  let index = offset;
  for (let step = 0; step < count && index < text.length; step++) index += unitsAt(text, index);
  return index;
}

function unitsAt(text: string, index: number): number {
  return (text.codePointAt(index) ?? 0) > 0xffff ? 2 : 1;
}
