import { newToken } from '../../realizer/server/index.ts';
import type { Command } from '../command.ts';
import { UsageError, flag, jsonOption } from '../options.ts';

/** `cab realizer token`. */
export const realizerToken: Command = {
  name: 'realizer token',
  usage: '[CLIENT]',
  summary: 'make a token for a client of a realizer that is served',
  description: `
Prints a random token, and what goes into the realizer's configuration: its SHA-256, from which nobody finds the token
again. The token is for the client's configuration, and is kept nowhere else.

  cab realizer token ci        a token for the client called ci`,
  wordsLimit: 1,
  options: { json: jsonOption },
  async run(context, values, words) {
    const name = words[0] ?? 'NAME';
    if (!/^[A-Za-z0-9_-]+$/.test(name))
      throw new UsageError(`'${name}' cannot be the name of a client`, 'take letters, digits, - and _');
    const { token, sha256 } = newToken();
    if (flag(values, 'json')) {
      context.print(`${JSON.stringify({ token, sha256 }, undefined, 2)}\n`);
      return;
    }
    context.print(`# for the client: a file that its token-file names, which nobody else may read
${token}

# for the realizer's configuration
[clients.${name}]
token-sha256 = "${sha256}"
may = ["read", "write", "execute"]
`);
  },
};
