import { readFileSync } from 'node:fs';
import path from 'node:path';
import { Script } from 'node:vm';

/** Where the code is kept that V8 made of a bundle. */
export function codeFileOf(bundle: string): string {
  return `${bundle.slice(0, -path.extname(bundle).length)}.code`;
}

/**
 * A bundle as a script, with the code that V8 made of it when Cab was built. Node's own cache would hold only the outermost
 * functions, and compiling the others again takes a third of a run that has nothing to do. Code that V8 does not
 * accept, being another version, is as good as none.
 */
export function loadBundle(bundle: string): Script {
  const code = readIfThere(codeFileOf(bundle));
  // A bundle is all ASCII, which is read fastest so.
  const source = readFileSync(bundle, 'latin1');
  const wrapped = `(function (exports, require, module, __filename, __dirname) {${source}\n})`;
  return new Script(wrapped, { filename: bundle, ...(code !== undefined && { cachedData: code }) });
}

/** Evaluates the bundle as Node would evaluate a CommonJS module of that name. */
export function runBundle(script: Script, bundle: string, require: NodeJS.Require): void {
  const module = { exports: {} };
  const evaluate = script.runInThisContext() as (...values: readonly unknown[]) => void;
  evaluate(module.exports, require, module, bundle, path.dirname(bundle));
}

function readIfThere(file: string): Buffer | undefined {
  try {
    return readFileSync(file);
  } catch {
    return undefined;
  }
}
