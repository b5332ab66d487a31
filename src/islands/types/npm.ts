import { packageType } from './package.ts';

const name = /^(@[A-Za-z0-9~-][A-Za-z0-9._~-]*\/)?[A-Za-z0-9~-][A-Za-z0-9._~-]*$/;

/** `<npm:esbuild/0.25.0>`, `<npm:@scope/name/1.0.0>`; without a version, what the tag `latest` stands for. */
export const npm = packageType({
  name: 'npm',
  form: 'npm:[@SCOPE/]NAME[/VERSION]',
  example: 'npm:esbuild/0.25.0',
  words: { package: 'name', registry: 'registry' },
  registry: 'https://registry.npmjs.org',
  version: 'latest',
  split(text) {
    const [, whole = '', version] = /^(@[^/@]*\/[^/@]*|[^/@]*)(?:[/@](.*))?$/s.exec(text) ?? [];
    return { package: whole || text, ...(version !== undefined && { version }) };
  },
  nameOf: (text) => (name.test(text) ? text : undefined),
  /** A version or a tag. */
  isVersion: (text) => /^[A-Za-z0-9][A-Za-z0-9._+-]*$/.test(text),
});
