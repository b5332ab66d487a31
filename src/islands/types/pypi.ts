import { packageType, splitVersion } from './package.ts';

/**
 * `<pypi:requests/2.32.0>`: the source distribution of a Python project, or where there is none a wheel for any platform. Its registry is
 * the address of a simple index. Names are written as the index writes them (PEP 503).
 */
export const pypi = packageType({
  name: 'pypi',
  form: 'pypi:NAME/VERSION',
  example: 'pypi:requests/2.32.0',
  words: { package: 'name', registry: 'registry' },
  registry: 'https://pypi.org/simple',
  version: undefined,
  split: splitVersion,
  nameOf: (text) =>
    /^[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?$/.test(text)
      ? text.toLowerCase().replaceAll(/[-_.]+/g, '-')
      : undefined,
  /** As PEP 440 has them. */
  isVersion: (text) => /^v?(\d+!)?\d+(\.\d+)*([a-z0-9._-]*)(\+[a-z0-9._-]+)?$/i.test(text),
});
