import type { Plugin } from 'esbuild';

/** Modules that take milliseconds to load and that a build with nothing to do never uses. */
const heavy =
  /^node:(child_process|crypto|fs\/promises|net|os|sqlite|stream|stream\/promises|timers\/promises|worker_threads)$/;

/** Those that are not just required. */
const bound = new RegExp(`${heavy.source}|^node:(module|path)$`);

/**
 * Binds Node's own modules into a bundle in CommonJS so that they cost little at the start: a heavy one is loaded when something
 * of it is first used, and the default export of `node:path` is not made anew for each file that imports it. `createRequire`
 * needs no module, since the bundle has a `require`.
 */
export const bindNodeModules: Plugin = {
  name: 'bind-node-modules',
  setup(build) {
    build.onResolve({ filter: bound }, ({ path: name, namespace }) =>
      namespace === 'bound' ? { path: name, external: true } : { path: name, namespace: 'bound' },
    );
    build.onLoad({ filter: heavy, namespace: 'bound' }, async ({ path: name }) => {
      const exported = Object.keys((await import(name)) as object);
      const getters = exported.map((key) => `get ${key}() { return require('${name}').${key}; }`);
      return { contents: `module.exports = { ${getters.join(', ')} };` };
    });
    build.onLoad({ filter: /^node:module$/, namespace: 'bound' }, () => ({
      contents: 'export const createRequire = () => require;',
    }));
    build.onLoad({ filter: /^node:path$/, namespace: 'bound' }, () => ({
      contents: "const path = require('node:path'); export default path;",
    }));
  },
};
