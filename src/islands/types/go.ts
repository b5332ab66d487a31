import { packageType } from './package.ts';

const part = '[A-Za-z0-9_~-][A-Za-z0-9._~-]*';
const modulePath = new RegExp(`^[A-Za-z0-9-]+(\\.[A-Za-z0-9-]+)+(/${part})*$`);
const release = /^v\d+\.\d+\.\d+(-[A-Za-z0-9.-]+)?(\+[A-Za-z0-9.-]+)?$/;

/**
 * `<go:github.com/google/uuid/v1.6.0>`, from a proxy of modules. The last part is the version if it has three numbers: in
 * `go:example.org/m/v2/v2.1.0` the path of the module is `example.org/m/v2`. Behind `@` may stand a branch as well. Without any,
 * it is what the proxy takes for the latest.
 */
export const go = packageType({
  name: 'go',
  form: 'go:MODULE[/VERSION]',
  example: 'go:github.com/google/uuid/v1.6.0',
  words: { package: 'module', registry: 'proxy' },
  registry: 'https://proxy.golang.org',
  version: 'latest',
  separator: (version) => (release.test(version) ? '/' : '@'),
  split(text) {
    const at = text.includes('@') ? text.indexOf('@') : text.lastIndexOf('/');
    const last = text.slice(at + 1);
    const isModule = at === -1 || (text[at] === '/' && !/^v\d+\./.test(last));
    return isModule ? { package: text } : { package: text.slice(0, at), version: last };
  },
  nameOf: (text) => (modulePath.test(text) ? text : undefined),
  isVersion: (text) =>
    /^v\d+\./.test(text) ? release.test(text) : /^[A-Za-z0-9][A-Za-z0-9._+-]*$/.test(text),
});
