import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import type * as languageServer from '../../language-server/index.ts';
import type { Command } from '../command.ts';

/** `cab lsp`. */
export const lsp: Command = {
  name: 'lsp',
  usage: '',
  summary: 'serve an editor: diagnostics, completion, hover, rename and more',
  description: `
Speaks the Language Server Protocol over its standard input and output, and is started by editors. It reads files and cab.lock, and
never fetches, builds or writes anything.

  cab lsp --stdio`,
  wordsLimit: 0,
  options: {
    stdio: { type: 'boolean', description: 'speak over standard input and output, as it always does' },
  },
  async run() {
    await loadServer().serve();
  },
};

/** The server is a bundle of its own beside the command's, so that no other command loads it. */
function loadServer(): typeof languageServer {
  const bundle = fileURLToPath(new URL('language-server.cjs', import.meta.url));
  return createRequire(import.meta.url)(bundle) as typeof languageServer;
}
