export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** One text for one value: keys sorted by code point, no white space, no member that is undefined. */
export function canonicalJson(value: Json): string {
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  return isList(value) ? listText(value) : objectText(value);
}

function listText(list: readonly Json[]): string {
  let text = '';
  for (const item of list) text += text === '' ? canonicalJson(item) : `,${canonicalJson(item)}`;
  return `[${text}]`;
}

function objectText(object: { readonly [key: string]: Json }): string {
  const keys = Object.keys(object);
  let text = '';
  for (const key of isSorted(keys) ? keys : keys.toSorted(compareCodePoints)) {
    const value = object[key];
    if (value === undefined) continue;
    text += `${text === '' ? '' : ','}${JSON.stringify(key)}:${canonicalJson(value)}`;
  }
  return `{${text}}`;
}

/** Whether they are in their order already, as those of a derivation are. */
function isSorted(keys: readonly string[]): boolean {
  for (let index = 1; index < keys.length; index++) {
    if (compareCodePoints(keys[index - 1] as string, keys[index] as string) > 0) return false;
  }
  return true;
}

function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}

/** The order of the strings' UTF-8 encodings, which UTF-16 units do not give beyond the basic plane. */
export function compareCodePoints(left: string, right: string): number {
  const length = Math.min(left.length, right.length);
  for (let index = 0; index < length; index++) {
    const a = left.charCodeAt(index);
    const b = right.charCodeAt(index);
    if (a !== b) return fixUp(a) - fixUp(b);
  }
  return left.length - right.length;
}

/** Moves surrogates above the rest of the basic plane, so that units compare as code points do. */
function fixUp(unit: number): number {
  if (unit >= 0xe000) return unit - 0x800;
  return unit >= 0xd800 ? unit + 0x2000 : unit;
}
