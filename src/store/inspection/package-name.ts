import { type StorePath, nameOfStorePath } from '../../foundation/index.ts';

/** What a store path is called, in two parts: of `zlib-1.3-dev` the name is `zlib`, and the version `1.3-dev`. */
export interface PackageName {
  readonly name: string;
  /** Empty where there is none. */
  readonly version: string;
}

/** A version begins at the first `-` that a digit follows, as names of packages have it everywhere. */
export function packageNameOf(path: StorePath): PackageName {
  const whole = nameOfStorePath(path);
  const at = whole.search(/-\d/);
  return at <= 0 ? { name: whole, version: '' } : { name: whole.slice(0, at), version: whole.slice(at + 1) };
}
