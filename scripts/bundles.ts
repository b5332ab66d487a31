import { fileURLToPath, pathToFileURL } from 'node:url';
import path from 'node:path';
import type { BuildOptions, Plugin } from 'esbuild';
import { bindNodeModules } from './node-modules.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const source = path.join(root, 'src');

/**
 * Layers in bundles of their own, which are read when something of them is first used: to evaluate mostly takes neither, and V8
 * takes its time for each function of a bundle, whether it is called or not.
 */
export const lateLayers: readonly string[] = ['store', 'realizer'];

/** Layers that late ones use. They are in the command's bundle, and there only: a class is to be one and the same everywhere. */
const sharedLayers = ['foundation', 'diagnostics', 'derivations'];

/** What all bundles have in common. */
const common = {
  absWorkingDir: root,
  outExtension: { '.js': '.cjs' },
  bundle: true,
  format: 'cjs',
  platform: 'node',
  target: 'node26',
  legalComments: 'none',
  minifySyntax: true,
  minifyWhitespace: true,
  logLevel: 'warning',
  define: { 'import.meta.url': 'bundleUrl' },
  banner: { js: "const bundleUrl = require('node:url').pathToFileURL(__filename).href;" },
} as const satisfies BuildOptions;

/**
 * How the bundles are built. Each is one CommonJS file: Node loads that in half the time of modules in pieces, and what is imported on
 * demand is then evaluated on demand, Node's own modules included.
 */
export const bundles: readonly BuildOptions[] = [
  {
    ...common,
    stdin: { contents: commandEntry(), resolveDir: root },
    outfile: 'dist/cab.cjs',
    plugins: [bindNodeModules, bindLayers('cab')],
  },
  ...lateLayers.map((layer) => ({
    ...common,
    outdir: 'dist',
    entryPoints: { [bundleNameOf(layer)]: `src/${layer}/index.ts` },
    plugins: [bindNodeModules, bindLayers(layer)],
  })),
  {
    ...common,
    outdir: 'dist',
    entryPoints: {
      start: 'src/cli/start.ts',
      'language-server': 'src/language-server/index.ts',
      'store-worker': 'src/store/helper/worker.ts',
      'wasm-worker': 'src/realizer/executors/wasm/worker.ts',
    },
    plugins: [bindNodeModules],
  },
];

/** The command, and what the late layers take of its bundle. */
function commandEntry(): string {
  const shared = sharedLayers.map((layer) => `export * as '${layer}' from './src/${layer}/index.ts';`);
  return [...shared, `import './src/cli/main.ts';`].join('\n');
}

/** Leads imports of a layer that lies in another bundle to that bundle. */
function bindLayers(own: string): Plugin {
  return {
    name: 'bind-layers',
    setup(build) {
      build.onResolve({ filter: /\.cjs$/, namespace: 'layer' }, ({ path: file }) => ({
        path: file,
        external: true,
      }));
      build.onResolve({ filter: /\/main\.ts$/ }, ({ path: file, resolveDir }) => ({
        path: path.join(resolveDir, file),
        sideEffects: true,
      }));
      build.onResolve({ filter: /\/index\.ts$/ }, ({ path: file, resolveDir, kind }) => {
        if (kind === 'entry-point') return undefined;
        const layer = path.dirname(path.relative(source, path.resolve(resolveDir, file)));
        return bundleOf(layer) === own ? undefined : { path: layer, namespace: 'layer' };
      });
      build.onLoad({ filter: /.*/, namespace: 'layer' }, async ({ path: layer }) => ({
        contents: lateLayers.includes(layer) ? await lateModule(layer) : sharedModule(layer),
      }));
    },
  };
}

function bundleOf(layer: string): string {
  return lateLayers.find((late) => layer === late || layer.startsWith(`${late}/`)) ?? 'cab';
}

function bundleNameOf(layer: string): string {
  return layer.replaceAll('/', '-');
}

function sharedModule(layer: string): string {
  if (!sharedLayers.includes(layer)) throw new Error(`a late layer imports '${layer}', which is not shared`);
  return `module.exports = require('./cab.cjs')['${layer}'];`;
}

/** A module with everything that the layer exports, which reads its bundle when something of it is used. */
async function lateModule(layer: string): Promise<string> {
  const door = path.join(source, layer, 'index.ts');
  const names = Object.keys((await import(pathToFileURL(door).href)) as object);
  const getters = names.map(
    (name) => `get ${name}() { return require('./${bundleNameOf(layer)}.cjs').${name}; }`,
  );
  return `module.exports = { ${getters.join(', ')} };`;
}
