import { type HashPart, hashPartLength, parseHashPart } from './digest.ts';

/** Where builds see the store, whatever folder it has on the machine. */
export const storeFolder = '/cab/store';

/** `/cab/store/<hash part>-<name>`. Made only in this file. */
export type StorePath = string & { readonly __brand: 'StorePath' };

/** The longest name a store path may carry, in characters, so that with the hash part it fits a file name. */
export const storeNameLengthLimit = 180;

/** A name that a store path may carry: no separator, no leading dot, nothing that a shell or a scan could trip on. */
export function isStoreName(name: string): boolean {
  return name.length <= storeNameLengthLimit && /^[A-Za-z0-9_+?=][A-Za-z0-9_+?=.-]*$/.test(name);
}

/** The nearest valid name: each other character becomes `-`. */
export function toStoreName(text: string): string {
  const name = text
    .replace(/[^A-Za-z0-9_+?=.-]/g, '-')
    .replace(/^[.-]+/, '')
    .slice(0, storeNameLengthLimit);
  return name === '' ? 'unnamed' : name;
}

export function storePath(hashPart: HashPart, name: string): StorePath {
  if (!isStoreName(name)) throw new Error(`'${name}' cannot be the name of a store path`);
  return `${storeFolder}/${hashPart}-${name}` as StorePath;
}

/** The store path that the text is, with nothing behind it, or undefined. */
export function parseStorePath(text: string): StorePath | undefined {
  if (!text.startsWith(`${storeFolder}/`)) return undefined;
  const base = text.slice(storeFolder.length + 1);
  if (base[hashPartLength] !== '-') return undefined;
  if (parseHashPart(base.slice(0, hashPartLength)) === undefined) return undefined;
  return isStoreName(base.slice(hashPartLength + 1)) ? (text as StorePath) : undefined;
}

export function hashPartOfStorePath(path: StorePath): HashPart {
  const start = storeFolder.length + 1;
  return path.slice(start, start + hashPartLength) as HashPart;
}

export function nameOfStorePath(path: StorePath): string {
  return path.slice(storeFolder.length + 1 + hashPartLength + 1);
}

/** `<hash part>-<name>`: the entry's name below the store's folder. */
export function baseNameOfStorePath(path: StorePath): string {
  return path.slice(storeFolder.length + 1);
}
