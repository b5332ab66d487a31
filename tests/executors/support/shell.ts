import { readFile } from 'node:fs/promises';
import { main } from 'assemblyscript/asc';

/** Compiles the builder that carries out its arguments, one command each. */
export async function compileShell(): Promise<Uint8Array> {
  const source = await readFile(new URL('./shell.as', import.meta.url), 'utf8');
  return compile(source);
}

/** Compiles the filter that does what the first byte of its input says. */
export async function compileFilter(): Promise<Uint8Array> {
  return compile(await readFile(new URL('./filter.as', import.meta.url), 'utf8'));
}

/** Compiles a module from AssemblyScript that needs no runtime. */
export async function compile(source: string, options: readonly string[] = []): Promise<Uint8Array> {
  let binary: Uint8Array | undefined;
  const messages: string[] = [];
  const sink = { write: (text: string) => messages.push(text) > 0 };
  const common = [
    '--runtime=stub',
    '--use=abort=',
    '--optimizeLevel=1',
    '--exportStart=_start',
    '--outFile=module.wasm',
  ];
  const result = await main(['entry.ts', ...common, ...options], {
    readFile: (name: string) => (name === 'entry.ts' ? source : null),
    writeFile(_name: string, contents: string | Uint8Array) {
      if (typeof contents !== 'string') binary = contents;
    },
    listFiles: () => [],
    stdout: sink,
    stderr: sink,
  });
  if (result.error !== null || binary === undefined)
    throw new Error(messages.join(''), { cause: result.error });
  return binary;
}
