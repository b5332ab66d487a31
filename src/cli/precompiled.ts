import { readFileSync } from 'node:fs';
import path from 'node:path';
import { Script } from 'node:vm';

/** Where the code is kept that V8 made of a bundle. */
export function codeFileOf(bundle: string): string {
  return `${bundle.slice(0, -path.extname(bundle).length)}.code`;
}

/**
 * The bundles of the command, which lie in one folder and are evaluated when they are first required, as Node would evaluate CommonJS
 * modules of those names. What they require besides each other they are given by `otherwise`.
 */
export class Bundles {
  /** Those that were required, by their files. */
  readonly scripts = new Map<string, Script>();
  readonly #folder: string;
  readonly #otherwise: NodeJS.Require;
  readonly #modules = new Map<string, { exports: unknown }>();

  constructor(folder: string, otherwise: NodeJS.Require) {
    this.#folder = folder;
    this.#otherwise = otherwise;
  }

  readonly require = (name: string): unknown => {
    if (!name.startsWith('./')) return this.#otherwise(name);
    const known = this.#modules.get(name);
    if (known !== undefined) return known.exports;
    const module = { exports: {} };
    // Bundles require each other: whoever asks again meanwhile gets what there is so far.
    this.#modules.set(name, module);
    const file = path.join(this.#folder, name);
    const script = loadBundle(file);
    this.scripts.set(file, script);
    const evaluate = script.runInThisContext() as (...values: readonly unknown[]) => void;
    evaluate(module.exports, this.require, module, file, this.#folder);
    return module.exports;
  };
}

/**
 * A bundle as a script, with the code that V8 made of it when Cab was built. Node's own cache would hold only the outermost
 * functions, and compiling the others again takes a third of a run that has nothing to do. Code that V8 does not
 * accept, being another version, is as good as none.
 */
function loadBundle(bundle: string): Script {
  const code = readIfThere(codeFileOf(bundle));
  // A bundle is all ASCII, which is read fastest so.
  const source = readFileSync(bundle, 'latin1');
  const wrapped = `(function (exports, require, module, __filename, __dirname) {${source}\n})`;
  return new Script(wrapped, { filename: bundle, ...(code !== undefined && { cachedData: code }) });
}

function readIfThere(file: string): Buffer | undefined {
  try {
    return readFileSync(file);
  } catch {
    return undefined;
  }
}
