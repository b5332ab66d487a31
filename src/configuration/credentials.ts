import path from 'node:path';
import { didYouMean } from '../diagnostics/index.ts';
import type { Credentials, CredentialScheme, Secret } from '../realizer/index.ts';
import type { ConfigurationFile, Table } from './file.ts';

type Refuse = ConfigurationFile['unusable'];

const settings = [
  'token',
  'token-file',
  'user',
  'password',
  'password-file',
  'command',
  'scheme',
  'allow-http',
];
const secretSettings = ['token', 'token-file', 'password', 'password-file', 'command'];
const schemes: readonly CredentialScheme[] = ['basic', 'bearer', 'raw'];

/** Reads the table `[credentials]`. Its messages never hold a secret. */
export function readCredentials(configuration: ConfigurationFile): readonly Credentials[] {
  const refuse: Refuse = (why, hint) => configuration.unusable(why, hint);
  return Object.entries(configuration.table('credentials')).map(([name, entry]) => {
    const place = placeOf(name);
    if (place === undefined) {
      throw refuse(
        `'${name}' in [credentials] is neither a host nor an address`,
        `a host looks like "git.example.org", an address like "https://example.org/group"`,
      );
    }
    if (typeof entry !== 'object' || entry === null || Array.isArray(entry)) {
      throw refuse(
        `the credentials of '${name}' have to be a table`,
        `such as "${name}" = { token-file = "…" }`,
      );
    }
    return { place, ...readEntry(entry as Table, name, configuration.file, refuse) };
  });
}

function readEntry(entry: Table, name: string, file: string, refuse: Refuse): Omit<Credentials, 'place'> {
  for (const [setting, value] of Object.entries(entry)) {
    if (settings.includes(setting)) continue;
    if (typeof value === 'object')
      throw refuse(`'${name}' in [credentials] is not quoted`, 'write "git.example.org" = …');
    const hint = didYouMean(setting, settings) ?? `there is ${settings.join(', ')}`;
    throw refuse(`there is no setting '${setting}' for the credentials of '${name}'`, hint);
  }
  const { user, scheme, 'allow-http': allowHttp = false } = entry;
  if (user !== undefined && (typeof user !== 'string' || /[:\x00-\x1f\x7f]/.test(user))) {
    throw refuse(`the user of '${name}' has to be a string without ':'`);
  }
  if (scheme !== undefined && !schemes.includes(scheme as CredentialScheme)) {
    throw refuse(`the scheme of '${name}' has to be one of ${schemes.join(', ')}`);
  }
  if (typeof allowHttp !== 'boolean') throw refuse(`'allow-http' of '${name}' has to be true or false`);
  const secret = readSecret(entry, name, file, refuse);
  if (user === undefined && ('password' in entry || 'password-file' in entry)) {
    throw refuse(`the password of '${name}' needs a user`, `such as { user = "…", password-file = "…" }`);
  }
  return { user, secret, scheme: scheme as CredentialScheme | undefined, allowHttp };
}

function readSecret(entry: Table, name: string, file: string, refuse: Refuse): Secret {
  const given = secretSettings.filter((setting) => entry[setting] !== undefined);
  const [setting, second] = given;
  if (setting === undefined || second !== undefined) {
    const why = setting === undefined ? 'lack a secret' : `have both '${setting}' and '${second}'`;
    throw refuse(`the credentials of '${name}' ${why}`, `they need one of ${secretSettings.join(', ')}`);
  }
  const value = entry[setting];
  if (setting === 'command') {
    if (isWords(value)) return { kind: 'command', words: value };
    throw refuse(
      `the command of '${name}' has to be a list of strings`,
      'the program, and what it is called with',
    );
  }
  if (typeof value !== 'string' || value === '') throw refuse(`'${setting}' of '${name}' has to be a string`);
  if (setting.endsWith('-file')) return { kind: 'file', file: path.resolve(path.dirname(file), value) };
  return { kind: 'text', text: value };
}

/** As requests are compared with it: in lower case, and without a port that goes without saying. */
function placeOf(text: string): string | undefined {
  const isAddress = text.includes('://');
  const url = URL.parse(isAddress ? text : `https://${text}`);
  if (url === null || url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '') {
    return undefined;
  }
  if (isAddress) return /^https?:$/.test(url.protocol) ? url.href : undefined;
  return url.pathname === '/' && !text.includes('/') ? url.host : undefined;
}

function isWords(value: unknown): value is readonly string[] {
  return (
    Array.isArray(value) &&
    value.length > 0 &&
    value.every((word) => typeof word === 'string') &&
    value[0] !== ''
  );
}
