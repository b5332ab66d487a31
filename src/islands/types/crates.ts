import { packageType, splitVersion } from './package.ts';

/** `<crates:serde/1.0.2>`: the source of a Rust crate. Its registry is the address of a sparse index. */
export const crates = packageType({
  name: 'crates',
  form: 'crates:NAME/VERSION',
  example: 'crates:serde/1.0.2',
  words: { package: 'name', registry: 'registry' },
  registry: 'https://index.crates.io',
  version: undefined,
  split: splitVersion,
  nameOf: (text) => (/^[A-Za-z][A-Za-z0-9_-]{0,63}$/.test(text) ? text : undefined),
  isVersion: (text) => /^\d+\.\d+\.\d+(-[A-Za-z0-9.-]+)?(\+[A-Za-z0-9.-]+)?$/.test(text),
});
