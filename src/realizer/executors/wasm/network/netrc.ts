import type { Credentials } from '../../../configuration.ts';

/** The logins of a netrc file. They fit any port of a host, as the format has no word for one; a `default` fits no host here. */
export function parseNetrc(text: string): readonly Credentials[] {
  const found: Credentials[] = [];
  let machine: { place?: string | undefined; user?: string | undefined; password?: string | undefined } = {};
  const finish = (): void => {
    const { place, user, password } = machine;
    if (place !== undefined && password !== undefined) {
      const secret = { kind: 'text', text: password } as const;
      found.push({ place, user, secret, scheme: undefined, allowHttp: false });
    }
    machine = {};
  };
  const words = wordsOf(text);
  for (let at = 0; at < words.length; at++) {
    switch (words[at]) {
      case 'machine':
        finish();
        machine.place = words[++at]?.toLowerCase();
        break;
      case 'default':
        finish();
        break;
      case 'login':
        machine.user = words[++at];
        break;
      case 'password':
        machine.password = words[++at];
        break;
      case 'account':
        at++;
        break;
      case undefined:
        break;
    }
  }
  finish();
  return found;
}

/** Without macros, which end with an empty line. A word may be quoted. */
function wordsOf(text: string): readonly string[] {
  const plain = text.replaceAll(/^\s*macdef\b[^]*?(\n\s*\n|$(?![^]))/gm, '\n').replaceAll(/^\s*#.*$/gm, '');
  return [...plain.matchAll(/"((?:\\.|[^"\\])*)"|\S+/g)].map(([word, quoted]) =>
    quoted === undefined ? word : quoted.replaceAll(/\\(.)/g, '$1'),
  );
}
