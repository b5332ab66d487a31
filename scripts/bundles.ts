import { fileURLToPath, pathToFileURL } from 'node:url';
import path from 'node:path';
import { type BuildOptions, type Metafile, type Plugin, build as runEsbuild } from 'esbuild';
import { bindNodeModules } from './node-modules.ts';

const root = fileURLToPath(new URL('..', import.meta.url));

/**
 * Bundles of their own, by what they are entered through. They are read when something of them is first used: to evaluate mostly takes
 * none of them, and V8 takes its time for each function of a bundle, whether it is called or not.
 */
export const lateDoors: Readonly<Record<string, string>> = {
  browsing: 'src/workspace/browsing/index.ts',
  commands: 'src/cli/commands/index.ts',
  explanations: 'src/diagnostics/explanations/index.ts',
  islands: 'src/islands/index.ts',
  promotion: 'src/language/evaluation/promotion/promote.ts',
  realizer: 'src/realizer/index.ts',
  'realizer-server': 'src/realizer/server/index.ts',
  'realizer-client': 'src/realizer/client/index.ts',
  'realizer-protocol': 'src/realizer/protocol/index.ts',
  'regular-expressions': 'src/language/evaluation/regular-expression.ts',
  rendering: 'src/diagnostics/render.ts',
  store: 'src/store/index.ts',
  'syntax-encoding': 'src/language/syntax/encoding/index.ts',
  yaml: 'src/language/evaluation/yaml.ts',
};

/** What the command's bundle begins with. */
const commandEntry = 'src/cli/main.ts';

/** What runs in threads, or on its own before the command: each has all that it takes in itself. */
const alone = {
  start: 'src/cli/start.ts',
  'language-server': 'src/language-server/index.ts',
  'store-worker': 'src/store/helper/worker.ts',
  'wasm-worker': 'src/realizer/executors/wasm/worker.ts',
};

/** What the bundles are made of: the files of each, by its name. */
export type Bundled = ReadonlyMap<string, readonly string[]>;

/**
 * Builds the bundles. Each is one CommonJS file: Node loads that in half the time of modules in pieces, and what is imported on demand
 * is then evaluated on demand, Node's own modules included. Late bundles take of the command's what that has already, so that a class is one
 * and the same everywhere.
 */
export async function buildBundles({ write }: { readonly write: boolean }): Promise<Bundled> {
  const plain = await build({ entryPoints: { cab: commandEntry }, write: false }, { name: 'cab' });
  const own = new Set(Object.keys(plain.inputs));
  const shared = new Set<string>();
  const late: [string, readonly string[]][] = [];
  for (const [name, door] of Object.entries(lateDoors)) {
    late.push(...(await bundle({ entryPoints: { [name]: door }, write }, { name, own, shared })));
  }
  const contents = [...shared].map((file) => `export * as '${file}' from './${file}';`);
  contents.push(`import './${commandEntry}';`);
  const stdin = { contents: contents.join('\n'), resolveDir: root, sourcefile: 'cab.ts' };
  return new Map([
    ...(await bundle({ stdin, entryNames: 'cab', write }, { name: 'cab' })),
    ...late,
    ...(await bundle({ entryPoints: alone, write })),
  ]);
}

async function bundle(
  options: BuildOptions,
  surroundings?: Surroundings,
): Promise<[string, readonly string[]][]> {
  const { outputs } = await build(options, surroundings);
  return Object.entries(outputs).map(([file, { inputs }]) => [
    path.basename(file, '.cjs'),
    Object.keys(inputs),
  ]);
}

async function build(options: BuildOptions, surroundings?: Surroundings): Promise<Metafile> {
  const { metafile } = await runEsbuild({
    absWorkingDir: root,
    outdir: 'dist',
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
    metafile: true,
    plugins: surroundings === undefined ? [bindNodeModules] : [bindNodeModules, bindBundles(surroundings)],
    ...options,
  });
  return metafile as Metafile;
}

/** What a bundle knows of the others. */
interface Surroundings {
  readonly name: string;
  /** The files of the command's bundle, for a late one. */
  readonly own?: ReadonlySet<string>;
  /** Those of them that late bundles import. */
  readonly shared?: Set<string>;
}

/** Leads the imports of a bundle that are in other bundles there. */
function bindBundles({ name, own, shared }: Surroundings): Plugin {
  return {
    name: 'bind-bundles',
    setup(bundling) {
      bundling.onResolve({ filter: /\.cjs$/, namespace: 'other' }, ({ path: file }) => ({
        path: file,
        external: true,
      }));
      bundling.onResolve({ filter: /^\..*\.ts$/ }, ({ path: specifier, resolveDir }) => {
        const file = path.relative(root, path.resolve(resolveDir, specifier));
        // It is imported for what it does, which esbuild would take for nothing.
        if (file === commandEntry) return { path: path.join(root, file), sideEffects: true };
        const isElsewhere = own?.has(file) === true || (bundleOf(file) ?? name) !== name;
        return isElsewhere ? { path: file, namespace: 'other' } : undefined;
      });
      bundling.onLoad({ filter: /.*/, namespace: 'other' }, async ({ path: file }) => {
        const late = bundleOf(file);
        if (late !== undefined) return { contents: await lateModule(late, file) };
        shared?.add(file);
        return { contents: `module.exports = require('./cab.cjs')['${file}'];` };
      });
    },
  };
}

/** The late bundle that is entered through the file. */
function bundleOf(file: string): string | undefined {
  return Object.keys(lateDoors).find((name) => lateDoors[name] === file);
}

/** A module with everything that the door exports, which reads the bundle when something of it is used. */
async function lateModule(name: string, door: string): Promise<string> {
  const exported = Object.keys((await import(pathToFileURL(path.join(root, door)).href)) as object);
  const getters = exported.map((key) => `get ${key}() { return require('./${name}.cjs').${key}; }`);
  return `module.exports = { ${getters.join(', ')} };`;
}
